import { describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { USUAL_ROOM, type RoomShape } from '../../model/room.ts';
import { Stage, sideOf } from '../../worklet/engine/stage.ts';
import { RATE, peakOf, render, rms, smallPiano } from './fixtures.ts';

const BLOCK = 128;

/** Runs middle and side through a stage, in blocks. */
function through(stage: Stage, middle: Float32Array, side: Float32Array = new Float32Array(middle.length)): [Float32Array, Float32Array] {
  const [left, right] = [middle.slice(), side.slice()];
  for (let at = 0; at < left.length; at += BLOCK) stage.process(left.subarray(at, at + BLOCK), right.subarray(at, at + BLOCK));
  return [left, right];
}

function stageOf(width: number, room: number): Stage {
  const stage = new Stage(RATE);
  stage.reset(width, room);
  return stage;
}

function noise(frames: number, seed: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: frames }, () => 0.1 * random.normal());
}

function impulse(frames: number): Float32Array {
  const out = new Float32Array(frames);
  out[0] = 1;
  return out;
}

/** Seconds in which a decay falls by 60 dB, from a line through its energy decay curve from -5 to -25 dB (ISO 3382). */
function reverberationSeconds(answer: Float32Array): number {
  const curve = new Float64Array(answer.length + 1);
  for (let n = answer.length - 1; n >= 0; n--) curve[n] = curve[n + 1]! + answer[n]! ** 2;
  const fall = (decibels: number): number => curve.findIndex((energy) => 10 * Math.log10(energy / curve[0]!) < decibels);
  return (3 * (fall(-25) - fall(-5))) / RATE;
}

/** The signal through a one-pole low-pass at 500 Hz, or what that leaves. */
function band(signal: Float32Array, low: boolean): Float32Array {
  const pole = Math.exp((-2 * Math.PI * 500) / RATE);
  let state = 0;
  return signal.map((x) => {
    state += (1 - pole) * (x - state);
    return low ? state : x - state;
  });
}

describe('the stage', () => {
  it('has the bass on the left and the treble on the right, by 6 dB at most', () => {
    const sides = Array.from({ length: 88 }, (_, key) => sideOf(21 + key));
    for (let key = 1; key < 88; key++) expect(sides[key]!).toBeLessThan(sides[key - 1]!);
    const ratio = (1 + sides[0]!) / (1 - sides[0]!);
    expect(20 * Math.log10(ratio)).toBeCloseTo(6, 0);
    expect(sides[87]).toBeCloseTo(-sides[0]!, 12);
  });

  it.each([0, 0.4, 1])('keeps the sum of both sides at width %f', (width) => {
    const [middle, side] = [noise(4096, 1), noise(4096, 2)];
    const [left, right] = through(stageOf(width, 0), middle, side);
    left.forEach((l, n) => {
      expect((l + right[n]!) / 2).toBeCloseTo(middle[n]!, 6);
      expect((l - right[n]!) / 2).toBeCloseTo(width * side[n]!, 6);
    });
  });

  it('glides to a new width without a step', () => {
    const stage = stageOf(0, 0);
    const [one, half] = [new Float32Array(BLOCK).fill(1), new Float32Array(BLOCK).fill(0.5)];
    stage.set(1, 0);
    const lefts: number[] = [];
    for (let i = 0; i < 40; i++) {
      const [left, right] = [one.slice(), half.slice()];
      stage.process(left, right);
      lefts.push(...left);
    }
    expect(lefts.at(-1)).toBeCloseTo(1.5, 6);
    for (let n = 1; n < lefts.length; n++) expect(Math.abs(lefts[n]! - lefts[n - 1]!)).toBeLessThan(3e-4);
  });
});

describe('the room', () => {
  const answer = through(stageOf(0, 1), impulse(2 * RATE)).map((side) => {
    const wet = side.slice();
    wet[0]! -= 1;
    return wet;
  }) as [Float32Array, Float32Array];

  it('decays in 0.7 s in the bass and faster above', () => {
    for (const side of answer) {
      expect(reverberationSeconds(band(side, true))).toBeGreaterThan(0.5);
      expect(reverberationSeconds(band(side, true))).toBeLessThan(0.85);
      expect(reverberationSeconds(band(side, false))).toBeLessThan(0.8 * reverberationSeconds(band(side, true)));
    }
  });

  it('answers no earlier than its shortest path, and differs from side to side', () => {
    for (const side of answer) expect(peakOf(side, 0, 0.011 * RATE)).toBe(0);
    const alike = (level: number): number => {
      const [left, right] = through(stageOf(0, level), impulse(RATE)).map((side) => side.subarray(1)) as [Float32Array, Float32Array];
      const product = left.reduce((sum, l, n) => sum + l * right[n]!, 0);
      return product / Math.sqrt(left.reduce((sum, l) => sum + l * l, 0) * right.reduce((sum, r) => sum + r * r, 0));
    };
    expect(Math.abs(alike(0.2))).toBeLessThan(0.45);
    // A loud room must not be lost on a single loudspeaker.
    expect(alike(1)).toBeGreaterThan(0.5);
    expect(alike(1)).toBeLessThan(0.85);
  });

  it('is about as loud as what goes in at full level', () => {
    const input = noise(2 * RATE, 3);
    const [left] = through(stageOf(0, 1), input);
    const wet = left.map((sample, n) => sample - input[n]!);
    const level = 20 * Math.log10(rms(wet, RATE, 2 * RATE) / rms(input, RATE, 2 * RATE));
    expect(level).toBeGreaterThan(-6);
    expect(level).toBeLessThan(3);
  });

  it('ends in exact silence, and starts again', () => {
    const stage = stageOf(0, 1);
    through(stage, noise(RATE, 5));
    const [rest] = through(stage, new Float32Array(4 * RATE));
    expect(peakOf(rest, 3.5 * RATE)).toBe(0);
    expect(peakOf(rest, 0, RATE)).toBeGreaterThan(1e-3);
    const [again] = through(stage, impulse(RATE));
    expect(peakOf(again, 1)).toBeGreaterThan(1e-3);
  });
});

describe('the room of a style', () => {
  const rooms: readonly RoomShape[] = [
    USUAL_ROOM,
    { decaySeconds: 0.3, highDecaySeconds: 0.04, level: 1 },
    { decaySeconds: 1.2, highDecaySeconds: 0.3, level: 1 },
  ];
  const stageIn = (shape: RoomShape, level = 1): Stage => {
    const stage = new Stage(RATE);
    stage.reset(0, level, shape);
    return stage;
  };

  /** One octave around a frequency: two equal band-passes (Bristow-Johnson). */
  const octave = (signal: Float32Array, centre: number): Float32Array => {
    const omega = (2 * Math.PI * centre) / RATE;
    const alpha = Math.sin(omega) / (2 * Math.SQRT2);
    const pass = (input: Float32Array): Float32Array => {
      let [x1, x2, y1, y2] = [0, 0, 0, 0];
      return input.map((x) => {
        const y = (alpha * (x - x2) + 2 * Math.cos(omega) * y1 - (1 - alpha) * y2) / (1 + alpha);
        [x2, x1, y2, y1] = [x1, x, y1, y];
        return y;
      });
    };
    return pass(pass(signal));
  };

  /** dB that the sum of both sides loses in an octave. */
  const lost = (left: Float32Array, right: Float32Array, centre: number): number => {
    const power = (signal: Float32Array): number => rms(octave(signal, centre), RATE / 4, signal.length) ** 2;
    return 10 * Math.log10((power(left) + power(right)) / 2 / power(left.map((l, n) => (l + right[n]!) / 2)));
  };

  it.each(rooms)('rings for $decaySeconds s in the bass', (shape) => {
    const [left] = through(stageIn(shape), impulse(3 * RATE));
    left[0]! -= 1;
    const seconds = reverberationSeconds(band(left, true));
    expect(seconds / shape.decaySeconds).toBeGreaterThan(0.7);
    expect(seconds / shape.decaySeconds).toBeLessThan(1.2);
  });

  it.each(rooms)('loses at most 1.5 dB in one channel, in any octave of noise, at its full level', (shape) => {
    const [left, right] = through(stageIn(shape), noise(4 * RATE, 4));
    for (const centre of [31.25, 62.5, 125, 250, 500, 1000, 2000, 4000, 8000, 16000]) expect(lost(left, right, centre)).toBeLessThan(1.5);
  });

  it.each([33, 45, 57, 69, 81])('loses at most 1.5 dB of the octave of note %i', (note) => {
    const engine = smallPiano();
    engine.noteOn(note, 0.8);
    const out = render(engine, 2 * RATE);
    // A single tone may meet both sides in opposite phase: at a level that players use, what is lost then is little.
    for (const shape of rooms) {
      const [left, right] = through(stageIn(shape, 0.33), out);
      expect(lost(left, right, 440 * 2 ** ((note - 69) / 12))).toBeLessThan(1.5);
    }
  });

  it('is as loud as its level says, however long it rings', () => {
    const levelOf = (shape: RoomShape): number => {
      const input = noise(4 * RATE, 6);
      const [left] = through(stageIn(shape), input);
      return 20 * Math.log10(rms(left.map((sample, n) => sample - input[n]!), 2 * RATE, 4 * RATE));
    };
    const [usual, longer, half] = [USUAL_ROOM, { ...USUAL_ROOM, decaySeconds: 1.2 }, { ...USUAL_ROOM, level: 0.5 }].map(levelOf) as [number, number, number];
    expect(Math.abs(longer - usual)).toBeLessThan(1.5);
    expect(Math.abs(half - usual + 6)).toBeLessThan(0.2);
  });

  it('becomes another one without a click', () => {
    const sharpest = (signal: Float32Array, from: number, to: number): number => {
      let most = 0;
      for (let n = from; n < to; n++) most = Math.max(most, Math.abs(signal[n]! - 2 * signal[n - 1]! + signal[n - 2]!));
      return most;
    };
    const tone = Float32Array.from({ length: 2 * RATE }, (_, n) => 0.3 * Math.sin((2 * Math.PI * 220 * n) / RATE));
    const stage = stageIn(rooms[1]!);
    const [left, right] = [tone.slice(), new Float32Array(tone.length)];
    for (let at = 0; at < left.length; at += BLOCK) {
      if (at === 128 * 375) stage.setRoom(rooms[2]);
      stage.process(left.subarray(at, at + BLOCK), right.subarray(at, at + BLOCK));
    }
    const [before, during, after] = [[0.5, 1], [1, 1.3], [1.5, 2]].map(([from, to]) => sharpest(left, from! * RATE, to! * RATE)) as [number, number, number];
    expect(rms(left, 1.5 * RATE, 2 * RATE)).not.toBeCloseTo(rms(left, 0.5 * RATE, RATE), 2);
    expect(during).toBeLessThan(1.1 * Math.max(before, after));
  });
});
