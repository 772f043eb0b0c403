import { describe, expect, it } from 'vitest';
import { BLOW_SECONDS, DAMPER, KEY, RUMBLE_SECONDS } from '../../model/mechanics.ts';
import { REFERENCE_LEVEL } from '../../model/corpus/dynamics.ts';
import { DEFAULT_SPEC } from '../../model/spec.ts';
import { playMidi } from '../../worklet/midi-message.ts';
import { SUSTAIN, type Engine, type EngineOptions } from '../../worklet/engine/engine.ts';
import { RATE, peakOf, randomTimbre, randomWeights, render, rms, smallPiano } from './fixtures.ts';

const SILENTLY = 1 / 127;
const UP = 4800;
const decibels = (ratio: number): number => 20 * Math.log10(ratio);

/** The mechanics alone, in all 80 bands: a key goes down without a strike, and comes up at sample `UP`. */
function mechanics(play: (engine: Engine) => void, seconds = 0.5, options: Partial<EngineOptions> = {}): Float32Array {
  const engine = smallPiano({ weights: WEIGHTS, style: STYLE, resonance: 0, ...options });
  engine.setWaveNet(false);
  play(engine);
  return render(engine, seconds * RATE);
}

const WEIGHTS = randomWeights({ ...DEFAULT_SPEC, noteNetwork: { pitchFeatures: 4, hidden: [8] } }, 1);
const STYLE = randomTimbre(WEIGHTS.spec, 2);
/** Bands of noise differ from seed to seed: levels are means over some. */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

function level(play: (engine: Engine) => void, from: number, to: number): number {
  const power = SEEDS.map((seed) => rms(mechanics(play, Math.ceil(to), { seed }), Math.round(from * RATE), Math.round(to * RATE)) ** 2);
  return 10 * Math.log10(power.reduce((sum, p) => sum + p, 0) / SEEDS.length);
}

interface Release {
  readonly velocity?: number;
  readonly down?: number;
  readonly up?: number;
  readonly pedal?: number;
}

const release = (note: number, { velocity, down = 100, up = UP, pedal = 0 }: Release = {}): ((engine: Engine) => void) => (engine) => {
  engine.control(SUSTAIN, pedal, 0);
  engine.noteOn(note, SILENTLY, down);
  engine.noteOff(note, up, velocity);
};

describe('a key that comes up', () => {
  it('is silent before, makes a noise within two ticks, and is silent again', () => {
    const out = mechanics(release(60), 3);
    expect(peakOf(out, 0, UP)).toBe(0);
    expect(peakOf(out, UP, UP + 96)).toBeGreaterThan(0);
    expect(peakOf(out, 2 * RATE)).toBe(0);
  });

  /** Power of a table's density from 0 to 20 kHz at time t, summed hertz by hertz. */
  const tabled = (sound: typeof KEY, t: number): number => {
    let power = 0;
    for (let hertz = 1; hertz < 20000; hertz++) {
      const at = Math.max(0, Math.min(7, Math.log2(hertz / 62.5)));
      const i = Math.min(6, Math.floor(at));
      const density = (levels: readonly number[]): number => 10 ** ((levels[i]! * (i + 1 - at) + levels[i + 1]! * (at - i)) / 10);
      power += density(sound.blow) * Math.exp((-2 * t) / BLOW_SECONDS) + density(sound.rumble) * Math.exp((-2 * t) / RUMBLE_SECONDS);
    }
    return 10 * Math.log10(power);
  };

  it.each([[100, KEY], [26, DAMPER[0]!], [85, DAMPER[5]!]] as const)('is as loud as was measured, key %i', (note, sound) => {
    for (const t of [0.01, 0.05]) {
      const heard = level(release(note), UP / RATE + t - 0.005, UP / RATE + t + 0.005);
      expect(Math.abs(heard - tabled(sound, t))).toBeLessThan(2.5);
    }
  });

  it('is some 20 to 60 dB softer than a strike of medium force', () => {
    const noise = level(release(60), UP / RATE, UP / RATE + 0.05);
    expect(noise).toBeLessThan(REFERENCE_LEVEL - 20);
    expect(noise).toBeGreaterThan(REFERENCE_LEVEL - 60);
  });

  it('is louder the faster it is released, softer after it was held for long, and knows nothing of its strike', () => {
    const up = 3 * RATE;
    const after = (how: Release): number => level(release(60, { down: up - RATE / 2, up, ...how }), 3, 3.05);
    const usual = after({});
    expect(after({ velocity: 1 }) - usual).toBeCloseTo(10, 1);
    expect(after({ velocity: 0 }) - usual).toBeCloseTo(-10, 1);
    expect(after({ down: up - 2.5 * RATE }) - usual).toBeCloseTo(-4, 1);
    const struck = (velocity: number): Float32Array => mechanics((engine) => {
      engine.setNoise(true);
      engine.noteOn(100, velocity, 100);
      engine.noteOff(100, 5 * RATE);
    }, 6);
    // The strings of key 100 are silent after five seconds.
    const [soft, hard] = [0.3, 1].map((velocity) => rms(struck(velocity), 5 * RATE, 5.05 * RATE)) as [number, number];
    expect(Math.abs(decibels(soft / hard))).toBeLessThan(1);
  });

  it('sounds too where the pedal holds the damper up, but without it', () => {
    const [damped, held] = [0, 127].map((pedal) => level(release(72, { up: RATE, pedal }), 1, 1.02)) as [number, number];
    expect(held).toBeGreaterThan(-70);
    expect(damped).toBeGreaterThan(held + 1);
  });

  it('makes no noise where it was not down, or where the mechanics are switched off', () => {
    expect(peakOf(mechanics((engine) => engine.noteOff(60, 100)))).toBe(0);
    expect(peakOf(mechanics((engine) => {
      engine.setMechanics(false);
      release(60)(engine);
    }))).toBe(0);
  });

  it('hears the release velocity of MIDI, where a keyboard has it', () => {
    const midi = (velocity: number): Float32Array => mechanics((engine) => {
      playMidi(engine, [0x90, 60, 1], 100);
      playMidi(engine, [0x80, 60, velocity], UP);
    });
    const [unknown, usual, fast] = [0, 64, 127].map((velocity) => rms(midi(velocity), UP, UP + 2400)) as [number, number, number];
    expect(unknown).toBe(usual);
    expect(decibels(fast / usual)).toBeCloseTo(10, 0);
  });
});

describe('felt on a string', () => {
  /** Noise that a release adds to a sounding string, by the difference of power. */
  const felt = (note: number): number => {
    const power = (velocity: number): number => 10 ** (level((engine) => {
      engine.noteOn(note, velocity, 100);
      engine.noteOff(note, UP);
    }, UP / RATE + 0.2, UP / RATE + 0.3) / 10);
    return power(1) / power(SILENTLY);
  };

  it('adds more in the bass', () => {
    expect(felt(24)).toBeGreaterThan(felt(84));
  });
});

describe('the sustain pedal', () => {
  const pedal = (steps: number, seconds: number, up: boolean): number => level((engine) => {
    if (up) engine.control(SUSTAIN, 127, 0);
    for (let i = 1; i <= steps; i++) {
      const value = (127 * i) / steps;
      engine.control(SUSTAIN, up ? 127 - value : value, Math.round(RATE * (1 + (seconds * i) / steps)));
    }
  }, 1, 1.1 + seconds);

  it('rushes as it moves, louder the faster and as it comes up', () => {
    const [fast, slow, slower] = [[1, 0], [64, 0.25], [64, 0.5]].map(([steps, seconds]) => pedal(steps!, seconds!, true)) as [number, number, number];
    expect(fast).toBeGreaterThan(-70);
    expect(fast).toBeLessThan(-35);
    expect(fast).toBeGreaterThan(slow + 3);
    expect(slow).toBeGreaterThan(slower + 3);
    expect(fast).toBeGreaterThan(pedal(1, 0, false) + 3);
  });

  it('is silent where the dampers do not move', () => {
    const out = mechanics((engine) => {
      for (const [i, value] of [10, 25, 5, 0].entries()) engine.control(SUSTAIN, value, 1000 * i);
    });
    expect(peakOf(out)).toBe(0);
  });
});
