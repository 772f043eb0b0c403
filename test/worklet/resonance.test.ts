import { describe, expect, it } from 'vitest';
import { COUPLING, answerRate, answeringPartials } from '../../model/resonance.ts';
import { fundamental, partialFrequency } from '../../model/tuning.ts';
import { CrossfadingEngine } from '../../worklet/engine/crossfading-engine.ts';
import { SOSTENUTO, SUSTAIN, type Engine, type EngineOptions } from '../../worklet/engine/engine.ts';
import type { Timbre } from '../../worklet/engine/strike.ts';
import { RATE, SMALL_SPEC, distance, kernelBuilds, peakOf, randomTimbre, randomWeights, render, rms, smallPiano } from './fixtures.ts';

/** MIDI's softest velocity: the key goes down and its hammer does not reach the string. */
const SILENTLY = 1 / 127;
const [C3, E3, FIS3, C4, E4] = [48, 52, 54, 60, 64];
const TIMBRE = randomTimbre(SMALL_SPEC, 2);

type Play = (engine: Engine) => void;

function strings(options: Partial<EngineOptions> = {}): Engine {
  const engine = smallPiano({ style: TIMBRE, ...options });
  engine.setWaveNet(false);
  engine.setNoise(false);
  return engine;
}

/** What other strings answer: the sound with them minus the sound without. */
function answerTo(play: Play, seconds: number, options: Partial<EngineOptions> = {}): { answer: Float32Array; direct: Float32Array } {
  const [direct, both] = [0, 0.5].map((resonance) => {
    const engine = strings({ resonance, ...options });
    play(engine);
    return render(engine, seconds * RATE);
  }) as [Float32Array, Float32Array];
  return { answer: both.map((sample, n) => sample - direct[n]!), direct };
}

const staccato = (note: number, at = 2400, length = 9600): Play => (engine) => {
  engine.noteOn(note, 0.8, at);
  engine.noteOff(note, at + length);
};

const pressed = (note: number, then: Play): Play => (engine) => {
  engine.noteOn(note, SILENTLY, 0);
  then(engine);
};

function frequencyOf(note: number, k: number, { tuning }: Timbre = TIMBRE): number {
  return partialFrequency(fundamental(tuning, note), tuning.inharmonicity[note - 21]!, k);
}

/** Amplitude at one frequency, under a Hann window (Goertzel's sum, written out). */
function amplitudeAt(samples: Float32Array, frequency: number, from: number, to: number): number {
  let [re, im] = [0, 0];
  const [start, length] = [Math.round(from * RATE), Math.round((to - from) * RATE)];
  for (let n = 0; n < length; n++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length);
    re += window * samples[start + n]! * Math.cos((2 * Math.PI * frequency * n) / RATE);
    im += window * samples[start + n]! * Math.sin((2 * Math.PI * frequency * n) / RATE);
  }
  return (4 * Math.hypot(re, im)) / length;
}

/** One partial of a string that the bridge drives with `x`, in float64 at the whole rate: y' = -sigma y + i omega y + coupling. */
function driven(x: Float32Array, f0: number, frequency: number): Float32Array {
  const rate = answerRate(f0, frequency);
  const [cosine, sine] = [Math.cos, Math.sin].map((f) => Math.exp(-rate / RATE) * f((2 * Math.PI * frequency) / RATE)) as [number, number];
  let [re, im] = [0, 0];
  return x.map((sample) => {
    [re, im] = [re * cosine - im * sine + sample, re * sine + im * cosine];
    return ((2 * COUPLING * rate) / RATE) * im;
  });
}

const decibels = (ratio: number): number => 20 * Math.log10(ratio);

describe('a silently held C3', () => {
  it.each(kernelBuilds())('rings at the pitch of a staccato C4 as a driven string does, $name SIMD', ({ module }) => {
    const { answer, direct } = answerTo(pressed(C3, staccato(C4)), 1.5, { module });
    const f0 = fundamental(TIMBRE.tuning, C3);
    for (const k of [2, 4, 6]) {
      const frequency = frequencyOf(C3, k);
      const expected = driven(direct, f0, frequency);
      for (const [from, to] of [[0.5, 0.8], [1, 1.5]] as const) {
        const heard = amplitudeAt(answer, frequency, from, to);
        expect(Math.abs(decibels(heard / amplitudeAt(expected, frequency, from, to)))).toBeLessThan(0.5);
      }
    }
    // About as loud as pianists know it: some 20 to 40 dB under the note that was played.
    const below = decibels(rms(answer, 0.4 * RATE, 0.6 * RATE) / rms(direct, 2400, 12000));
    expect(below).toBeGreaterThan(-40);
    expect(below).toBeLessThan(-20);
  });

  it('falls silent when it is released, as its damper would have it', () => {
    const play = pressed(C3, staccato(C4));
    const held = answerTo(play, 1.5).answer;
    const released = answerTo((engine) => {
      play(engine);
      engine.noteOff(C3, 0.6 * RATE);
    }, 1.5).answer;
    expect(distance(held.subarray(0, 0.59 * RATE), released.subarray(0, 0.59 * RATE))).toBe(0);
    const [rings, stops] = [held, released].map((answer) => amplitudeAt(answer, frequencyOf(C3, 2), 0.8, 1)) as [number, number];
    expect(decibels(stops / rings)).toBeLessThan(-45);
  });

  it('answers at least 20 dB more than a held key that shares no partial', () => {
    // Without what answers anyway, the strings above note 88.
    const others = answerTo(staccato(C4), 1).answer;
    const [near, far] = [C3, FIS3].map((note) => {
      const { answer } = answerTo(pressed(note, staccato(C4)), 1);
      return rms(answer.map((sample, n) => sample - others[n]!), 0.4 * RATE, RATE);
    }) as [number, number];
    expect(decibels(near / far)).toBeGreaterThan(20);
  });

  it('answers others when it was struck and has sounded for long, but never itself', () => {
    const alone = answerTo((engine) => engine.noteOn(C3, 0.8, 0), 2).answer;
    for (const k of [1, 2, 3, 5]) expect(amplitudeAt(alone, frequencyOf(C3, k), 0.2, 2)).toBeLessThan(1e-5);
    const later = answerTo((engine) => {
      engine.noteOn(C3, 0.8, 0);
      staccato(C4, RATE)(engine);
    }, 2).answer;
    expect(amplitudeAt(later, frequencyOf(C3, 2), 1.4, 2)).toBeGreaterThan(1e-4);
  });
});

describe('the dampers', () => {
  const answers = (pedal: number): number => amplitudeAt(answerTo((engine) => {
    engine.control(SUSTAIN, pedal, 0);
    staccato(C4)(engine);
  }, 1).answer, frequencyOf(C3, 2), 0.1, 0.25);

  it('keep all strings silent with the pedal up, but those above note 88, which answer a little', () => {
    const { answer, direct } = answerTo(staccato(C4), 1);
    for (const note of [36, 41, 48, 55, 67, 72, 79]) {
      for (const k of [1, 2, 3]) expect(amplitudeAt(answer, frequencyOf(note, k), 0.1, 0.4)).toBeLessThan(1e-5);
    }
    expect(peakOf(answer)).toBeGreaterThan(0);
    expect(decibels(peakOf(answer) / peakOf(direct))).toBeLessThan(-40);
  });

  it('let more strings answer the further the pedal lifts them', () => {
    const [up, low, half, down] = [0, 48, 64, 127].map(answers) as [number, number, number, number];
    expect(low).toBeGreaterThan(3 * up);
    expect(half).toBeGreaterThan(1.5 * low);
    expect(down).toBeGreaterThan(1.5 * half);
  });

  it('are held by the sostenuto pedal only where keys were down', () => {
    const play: Play = (engine) => {
      engine.noteOn(C3, SILENTLY, 0);
      engine.control(SOSTENUTO, 127, 1000);
      engine.noteOff(C3, 1200);
      engine.noteOn(E3, SILENTLY, 1400);
      engine.noteOff(E3, 1600);
      staccato(C4)(engine);
      staccato(E4, 3000)(engine);
    };
    const { answer } = answerTo(play, 1);
    const [caught, late] = [C3, E3].map((note) => amplitudeAt(answer, frequencyOf(note, 2), 0.5, 1)) as [number, number];
    expect(decibels(caught / late)).toBeGreaterThan(30);
  });

  it('stop a struck string sooner the higher it is', () => {
    const times = [24, 36, 48, 60, 72, 84, 88].map((note) => {
      const engine = strings({ resonance: 0 });
      engine.noteOn(note, 0.9, 0);
      engine.noteOff(note, 4800);
      const out = render(engine, RATE);
      const before = rms(out, 2400, 4800);
      let n = 4800;
      while (rms(out, n, n + 480) > 0.01 * before) n += 48;
      return n;
    });
    for (let i = 1; i < times.length; i++) expect(times[i]!).toBeLessThan(times[i - 1]!);
  });
});

describe('all strings under the pedal', () => {
  const pedalled = (play: Play): Play => (engine) => {
    engine.control(SUSTAIN, 127, 0);
    play(engine);
  };

  it('bloom below what is struck, and less where less is asked for', () => {
    const { answer, direct } = answerTo(pedalled(staccato(C4)), 1);
    const below = decibels(rms(answer, 2400, RATE / 2) / rms(direct, 2400, RATE / 2));
    expect(below).toBeGreaterThan(-35);
    expect(below).toBeLessThan(-12);
    const [none, half, twice] = [0, 0.25, 1].map((resonance) => {
      const engine = strings({ resonance });
      pedalled(staccato(C4))(engine);
      return render(engine, RATE).map((sample, n) => sample - direct[n]!);
    }) as [Float32Array, Float32Array, Float32Array];
    expect(peakOf(none)).toBe(0);
    expect(distance(half.map((sample) => 2 * sample), answer)).toBeLessThan(1e-5 * peakOf(direct));
    expect(distance(twice.map((sample) => sample / 2), answer)).toBeLessThan(1e-5 * peakOf(direct));
  });

  it('stay below the strikes however hard and long they are played', () => {
    const { answer, direct } = answerTo(pedalled((engine) => {
      for (let i = 0; i < 200; i++) engine.noteOn(21 + ((i * 37) % 88), 1, 960 * i);
    }), 4);
    expect(answer.every(Number.isFinite)).toBe(true);
    expect(rms(answer, 3 * RATE, 4 * RATE)).toBeLessThan(rms(direct, 3 * RATE, 4 * RATE));
  });

  it('end in exact silence once the pedal is up, and start again', () => {
    const engine = strings();
    pedalled(staccato(C4))(engine);
    engine.control(SUSTAIN, 0, RATE);
    render(engine, 6 * RATE);
    expect(peakOf(render(engine, 4800))).toBe(0);
    engine.noteOn(C4, 0.8);
    expect(peakOf(render(engine, 4800))).toBeGreaterThan(1e-3);
  });

  it('end within 10 ms of a panic', () => {
    const engine = strings();
    pedalled(staccato(C4))(engine);
    const before = render(engine, RATE);
    engine.panic();
    const after = render(engine, 4800);
    expect(rms(before, 0.9 * RATE, RATE)).toBeGreaterThan(1e-4);
    expect(peakOf(after, 480)).toBeLessThan(1e-6);
    expect(peakOf(after, 2400)).toBe(0);
  });

  it('take the tuning of a new style', () => {
    const sharp: Timbre = { ...TIMBRE, tuning: { ...TIMBRE.tuning, cents: TIMBRE.tuning.cents.map((cents) => cents + 100) } };
    const { answer } = answerTo((engine) => {
      engine.setStyle(sharp);
      pressed(C3, staccato(C4, 4800))(engine);
    }, 1);
    const [now, before] = [sharp, TIMBRE].map((timbre) => amplitudeAt(answer, frequencyOf(C3, 2, timbre), 0.5, 0.9)) as [number, number];
    expect(decibels(now / before)).toBeGreaterThan(30);
  });

  it('follow the tuning of the whole', () => {
    const { answer } = answerTo((engine) => {
      engine.tune(100, 0);
      pressed(C3, staccato(C4, 4800))(engine);
    }, 1);
    const own = frequencyOf(C3, 2);
    const [tuned, untuned] = [own * 2 ** (1 / 12), own].map((frequency) => amplitudeAt(answer, frequency, 0.5, 1)) as [number, number];
    const plain = answerTo(pressed(C3, staccato(C4, 4800)), 1).answer;
    expect(Math.abs(decibels(tuned / amplitudeAt(plain, own, 0.5, 1)))).toBeLessThan(1);
    expect(decibels(tuned / untuned)).toBeGreaterThan(30);
  });

  it('go on under new weights', () => {
    const weights = randomWeights(SMALL_SPEC, 1);
    const [swapped, kept] = [1, 2].map(() => new CrossfadingEngine(strings({ weights, sampleRate: 44100 }), 44100)) as [CrossfadingEngine, CrossfadingEngine];
    const play = (engine: CrossfadingEngine, frames: number): Float32Array => {
      const out = new Float32Array(128 * Math.ceil(frames / 128));
      for (let at = 0; at < out.length; at += 128) engine.render(out.subarray(at, at + 128));
      return out;
    };
    for (const engine of [swapped, kept]) {
      engine.control(SUSTAIN, 127, 0);
      for (const note of [45, 52, C4]) engine.noteOn(note, 0.8, 0);
      play(engine, 20000);
    }
    swapped.succeed(strings({ weights, sampleRate: 44100 }));
    const [a, b] = [play(swapped, RATE), play(kept, RATE)];
    expect(distance(a, b)).toBeLessThan(1e-2 * peakOf(b));
  });

  it('lose their upper partials under economy, without a click', () => {
    const jump = (samples: Float32Array): number => samples.reduce((most, _, n) => (n < 2 ? 0 : Math.max(most, Math.abs(samples[n]! - 2 * samples[n - 1]! + samples[n - 2]!))), 0);
    const [full, economic] = [0, 6].map((economy) => {
      const engine = strings();
      pedalled(staccato(C3))(engine);
      render(engine, RATE);
      engine.setEconomy(economy);
      return render(engine, RATE / 2);
    }) as [Float32Array, Float32Array];
    expect(distance(full, economic)).toBeGreaterThan(1e-5);
    expect(jump(economic)).toBeLessThan(1.5 * jump(full));
  });
});

describe('a key that is struck again', () => {
  it('never gives the same samples, and yet the same levels', () => {
    const engine = smallPiano();
    const strikes = [0, 1, 2].map(() => {
      engine.noteOn(C4, 0.7);
      const out = render(engine, 14400);
      engine.noteOff(C4);
      render(engine, 2 * RATE);
      return out;
    });
    /** Levels in dB of what lies below 1 kHz, between 1 and 4 kHz, and above. */
    const levels = (samples: Float32Array): number[] => {
      const lowPass = (hertz: number): Float32Array => {
        let state = 0;
        return samples.map((x) => (state += (1 - Math.exp((-2 * Math.PI * hertz) / RATE)) * (x - state)));
      };
      const [low, middle] = [lowPass(1000), lowPass(4000)];
      const bands = [low, middle.map((x, n) => x - low[n]!), samples.map((x, n) => x - middle[n]!)];
      return bands.map((band) => decibels(rms(band, 0, band.length)));
    };
    const [first, ...others] = strikes.map(levels);
    for (let i = 1; i < strikes.length; i++) expect(distance(strikes[i]!, strikes[i - 1]!)).toBeGreaterThan(1e-4);
    for (const other of others) other.forEach((level, band) => expect(Math.abs(level - first![band]!)).toBeLessThan(1.5));
  });
});

it('as many partials of a string answer as lie below 4 kHz, sixteen at most', () => {
  for (let note = 21; note <= 108; note++) {
    const count = answeringPartials(fundamental(TIMBRE.tuning, note), TIMBRE.tuning.inharmonicity[note - 21]!);
    const below = Array.from({ length: 16 }, (_, i) => frequencyOf(note, i + 1)).filter((frequency) => frequency < 4000).length;
    expect(count).toBe(below);
  }
});
