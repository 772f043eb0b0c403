import { describe, expect, it } from 'vitest';
import { CrossfadingEngine } from '../../worklet/engine/crossfading-engine.ts';
import { Engine, type EngineOptions } from '../../worklet/engine/engine.ts';
import { RATE, SMALL_SPEC, distance, kernelBuilds, peakOf, randomTimbre, randomWeights, rms, smallPiano } from './fixtures.ts';

const BLOCK = 128;
/** Frames of the longest swap: 64 voices, lead and fade. */
const SWAP = 0.15 * RATE;

type Target = Pick<Engine, 'noteOn' | 'noteOff' | 'control'>;

/** Renders in blocks, as the audio thread does. */
function play(engine: CrossfadingEngine, frames: number): Float32Array {
  const out = new Float32Array(Math.ceil(frames / BLOCK) * BLOCK);
  for (let at = 0; at < out.length; at += BLOCK) engine.render(out.subarray(at, at + BLOCK));
  return out;
}

function chord(engine: Target): void {
  engine.control(64, 127, 0);
  for (const [i, note] of [33, 45, 52, 57, 64, 72, 81].entries()) engine.noteOn(note, 0.4 + 0.08 * i, 40 * i);
  for (const note of [45, 64]) engine.noteOff(note, 3000);
}

/** Strikes and releases around a swap at frame 9600, some of them sent long before it. */
function melody(engine: Target): void {
  for (let i = 0; i < 12; i++) {
    engine.noteOn(48 + 3 * i, 0.5, 8000 + 1501 * i);
    engine.noteOff(48 + 3 * i, 10000 + 1501 * i);
  }
  engine.control(64, 0, 16000);
  engine.control(64, 80, 20000);
  engine.noteOff(33, 22000);
}

/** Largest second difference: a click stands out in it. */
function sharpest(samples: Float32Array, from: number, to: number): number {
  let most = 0;
  for (let n = from + 2; n < to; n++) most = Math.max(most, Math.abs(samples[n]! - 2 * samples[n - 1]! + samples[n - 2]!));
  return most;
}

const weights = randomWeights(SMALL_SPEC, 1);
const others = randomWeights(SMALL_SPEC, 9);

function started(options: Partial<EngineOptions> = {}): CrossfadingEngine {
  return new CrossfadingEngine(smallPiano({ weights, ...options }), options.sampleRate ?? RATE);
}

/** What sounds without noise and WaveNet is known in every sample. */
function stringsAlone(engine: Engine): void {
  engine.setNoise(false);
  engine.setWaveNet(false);
}

describe('a swap to the same weights', () => {
  it.each(kernelBuilds())('cannot be told from no swap, $name SIMD', ({ module }) => {
    const [swapped, kept] = [started({ module }), started({ module })];
    for (const engine of [swapped, kept]) {
      chord(engine);
      melody(engine);
    }
    const before = [play(swapped, 9600), play(kept, 9600)] as const;
    expect(distance(...before)).toBe(0);
    swapped.succeed(smallPiano({ module, weights }));
    const [a, b] = [play(swapped, RATE), play(kept, RATE)];
    expect(swapped.crossfading).toBe(false);
    expect(peakOf(b, SWAP)).toBeGreaterThan(0.01);
    expect(distance(a, b)).toBeLessThan(1e-4 * peakOf(b));
  });

  it('goes on at a fraction of a sample where the rates differ', () => {
    const options = { weights, sampleRate: 44100, resonance: 0 };
    const engines = [smallPiano(options), smallPiano(options)] as const;
    const successor = smallPiano(options);
    for (const engine of [...engines, successor]) stringsAlone(engine);
    const [swapped, kept] = [new CrossfadingEngine(engines[0], 44100), new CrossfadingEngine(engines[1], 44100)];
    for (const engine of [swapped, kept]) {
      chord(engine);
      play(engine, 9600);
    }
    swapped.succeed(successor);
    const [a, b] = [play(swapped, RATE), play(kept, RATE)];
    expect(distance(a, b)).toBeLessThan(1e-4 * peakOf(b));
  });

  it('is over in a seventh of a second with all 64 voices', () => {
    const engine = started();
    engine.control(64, 127);
    for (let i = 0; i < 64; i++) engine.noteOn(24 + i, 0.6);
    play(engine, 4800);
    engine.succeed(smallPiano({ weights }));
    play(engine, SWAP);
    expect(engine.crossfading).toBe(false);
    expect(engine.engine.voices).toBe(64);
  });
});

describe('a swap to other weights', () => {
  const [soft, loud] = [0.4, 0.9];

  it('makes no click and no gap', () => {
    const [old, successor] = [smallPiano({ weights }), smallPiano({ weights: others })];
    // Low strings alone: in their smooth signal a click stands out.
    for (const engine of [old, successor]) stringsAlone(engine);
    const engine = new CrossfadingEngine(old, RATE);
    for (const note of [33, 40, 45]) engine.noteOn(note, loud, 0);
    const before = play(engine, 9600);
    engine.succeed(successor);
    const after = play(engine, RATE);
    const joined = Float32Array.from([...before.subarray(-2), ...after.subarray(0, SWAP)]);
    const around = Math.max(sharpest(before, 4800, 9600), sharpest(after, SWAP, SWAP + 4800));
    expect(sharpest(joined, 0, joined.length)).toBeLessThanOrEqual(around);
    for (let at = 0; at + 960 <= SWAP; at += 960) expect(rms(after, at, at + 960)).toBeGreaterThan(0.3 * rms(before, 8640, 9600));
  });

  it('lets what sounds go on as the new weights have it, and strikes what comes with them', () => {
    // What other strings answer remembers the old weights' strikes.
    const [old, successor, oracle] = [weights, others, others].map((w) => smallPiano({ weights: w, resonance: 0 })) as [Engine, Engine, Engine];
    for (const engine of [old, successor, oracle]) stringsAlone(engine);
    const [swapped, expected] = [new CrossfadingEngine(old, RATE), new CrossfadingEngine(oracle, RATE)];
    for (const engine of [swapped, expected]) {
      chord(engine);
      engine.noteOn(69, loud, 9600 + SWAP + 1000);
      play(engine, 9600);
    }
    swapped.succeed(successor);
    const [a, b] = [play(swapped, RATE), play(expected, RATE)];
    expect(distance(a.subarray(0, 480), b.subarray(0, 480))).toBeGreaterThan(0.05 * peakOf(b));
    expect(distance(a.subarray(SWAP), b.subarray(SWAP))).toBeLessThan(1e-4 * peakOf(b));
  });

  it('releases keys that were held before it, during it or after it', () => {
    for (const release of [0, 1000, 2000, 9600]) {
      const engine = started();
      for (const note of [48, 55, 64]) engine.noteOn(note, loud, 0);
      play(engine, 9600);
      engine.succeed(smallPiano({ weights: others }));
      play(engine, release);
      for (const note of [48, 55, 64]) engine.noteOff(note);
      const start = play(engine, 480);
      play(engine, RATE / 2);
      expect(rms(play(engine, 480), 0, 480)).toBeLessThan(0.01 * rms(start, 0, 480));
    }
  });

  it('keeps what the pedal holds, until it comes up', () => {
    const engine = started();
    engine.control(64, 127, 0);
    engine.noteOn(40, loud, 0);
    engine.noteOff(40, 2000);
    play(engine, 9600);
    engine.succeed(smallPiano({ weights: others }));
    const held = rms(play(engine, RATE / 2), RATE / 2 - 480, RATE / 2);
    expect(engine.engine.sustain).toBe(1);
    expect(engine.engine.voices).toBe(1);
    engine.control(64, 0);
    play(engine, RATE);
    expect(rms(play(engine, 480), 0, 480)).toBeLessThan(0.01 * held);
  });

  it('takes along what waits for its time, and what was lifted meanwhile', () => {
    const engine = started();
    engine.noteOn(60, soft, 12000 + RATE);
    play(engine, 9600);
    engine.succeed(smallPiano({ weights: others }));
    const out = play(engine, 2 * RATE);
    const due = 12000 + RATE - 9600;
    expect(peakOf(out, 0, due)).toBe(0);
    expect(peakOf(out, due, due + 480)).toBeGreaterThan(1e-3);
  });

  it('falls silent in a panic, whenever it comes', () => {
    for (const when of [0, 1000, 4000]) {
      const engine = started();
      for (let i = 0; i < 30; i++) engine.noteOn(30 + i, soft);
      play(engine, 9600);
      engine.succeed(smallPiano({ weights: others }));
      play(engine, when);
      engine.panic();
      play(engine, SWAP);
      expect(peakOf(play(engine, 4800))).toBeLessThan(1e-4);
      expect(engine.engine.voices).toBe(0);
    }
  });

  it('before the first frame is at once', () => {
    const [engine, oracle] = [started(), smallPiano({ weights: others })];
    for (const piano of [engine, oracle]) chord(piano);
    engine.succeed(smallPiano({ weights: others }));
    expect(engine.crossfading).toBe(false);
    const expected = new Float32Array(RATE);
    oracle.render(expected);
    expect(play(engine, RATE)).toEqual(expected);
  });

  it('gives a style to the engines that it was made for', () => {
    const foreign = { ...SMALL_SPEC, id: 'foreign' };
    const style = randomTimbre(SMALL_SPEC, 77);
    const [changed, kept] = [started(), started()];
    for (const engine of [changed, kept]) engine.succeed(smallPiano({ weights: randomWeights(foreign, 9) }));
    changed.setStyle(SMALL_SPEC.id, style);
    for (const engine of [changed, kept]) engine.noteOn(60, loud);
    expect(distance(play(changed, 4800), play(kept, 4800))).toBe(0);
    changed.setStyle('foreign', style);
    for (const engine of [changed, kept]) engine.noteOn(64, loud);
    expect(distance(play(changed, 4800), play(kept, 4800))).toBeGreaterThan(1e-3);
  });
});

describe('an image of an engine', () => {
  it.each([48000, 44100])('written into a blank one in pieces plays the same, bit for bit, at %i Hz', (sampleRate) => {
    const { module } = kernelBuilds()[0]!;
    const style = randomTimbre(SMALL_SPEC, 2);
    const whole = new Engine({ module, weights: others, style, sampleRate });
    const { spec, memory, filter } = whole.image();
    const blank = new Engine({ module, weights: { spec, filter }, style, sampleRate });
    for (let at = 0; at < memory.length; at += 10000) blank.write(at, memory.subarray(at, at + 10000));
    blank.reset();
    for (const engine of [whole, blank]) chord(engine);
    const [expected, out] = [new Float32Array(RATE), new Float32Array(RATE)];
    whole.render(expected);
    blank.render(out);
    expect(peakOf(expected)).toBeGreaterThan(0.01);
    expect(out).toEqual(expected);
  });
});
