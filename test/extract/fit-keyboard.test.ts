import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CONDITIONS, recordedAs } from '../../bench/quality/conditions.ts';
import { toMono } from '../../model/audio/recording.ts';
import { findRings, type Ring } from '../../model/extract/clear-peaks.ts';
import { fitKeyboard } from '../../model/extract/fit-keyboard.ts';
import { solvePositive } from '../../model/extract/solve-positive.ts';
import type { Performance, PerformanceEvent } from '../../model/performance.ts';
import { FIRST_NOTE } from '../../model/spec.ts';
import { parseStyle } from '../../model/style.ts';
import { typicalTuning, type Tuning } from '../../model/tuning.ts';
import { parseWeights } from '../../model/weights.ts';
import { Engine } from '../../worklet/engine/engine.ts';
import { RATE, kernelBuilds } from '../worklet/fixtures.ts';

const SECONDS = 30;
/** Chords of three keys that ring together, over five octaves. */
const CHORDS = Array.from({ length: 60 }, (_, i) => [0, 7, 16].map((interval) => 33 + ((i * 11) % 49) + interval));
const PERFORMANCE: Performance = {
  name: 'chords.mid',
  seconds: SECONDS,
  events: CHORDS.flatMap((notes, i) => notes.flatMap((note): PerformanceEvent[] => [
    { seconds: 0.2 + 0.48 * i, type: 'noteOn', note, velocity: 0.6 },
    { seconds: 0.6 + 0.48 * i, type: 'noteOff', note },
  ])).sort((a, b) => a.seconds - b.seconds),
};

function record(tuning: Tuning): Float32Array {
  const pretrained = new URL('../../model/pretrained/', import.meta.url);
  const weights = parseWeights(readFileSync(new URL('model.safetensors', pretrained)), 'model.safetensors');
  const style = { ...parseStyle(readFileSync(new URL('styles/salamander-c5.json', pretrained), 'utf8'), 'salamander-c5'), tuning };
  const engine = new Engine({ module: kernelBuilds()[0]!.module, weights, style, sampleRate: RATE });
  const sound = new Float32Array(SECONDS * RATE);
  let at = 0;
  for (const event of PERFORMANCE.events) {
    const frame = Math.round(event.seconds * RATE);
    engine.render(sound.subarray(at, frame));
    at = frame;
    if (event.type === 'noteOn') engine.noteOn(event.note, event.velocity, frame);
    else if (event.type === 'noteOff') engine.noteOff(event.note, frame);
  }
  engine.render(sound.subarray(at));
  return sound;
}

/** Cents of the first partial, which is what one hears. */
const pitch = ({ cents, inharmonicity }: Tuning, note: number): number => cents[note - FIRST_NOTE]! + 600 * Math.log2(1 + inharmonicity[note - FIRST_NOTE]!);

describe('the tuning of a keyboard', () => {
  const typical = typicalTuning();
  const struck = [...new Set(CHORDS.flat())].sort((a, b) => a - b);

  it.each([415, 440, 466])('is found in music on a piano at A = %i Hz', (reference) => {
    const shift = 1200 * Math.log2(reference / 440);
    const truth: Tuning = {
      cents: typical.cents.map((_, i) => shift + 12 * ((i - 48) / 40) ** 3 + 3 * Math.sin(i) + (i + FIRST_NOTE === 60 ? 18 : 0)),
      inharmonicity: typical.inharmonicity.map((stiffness) => 1.3 * stiffness),
    };
    const found = fitKeyboard(findRings(record(truth), RATE, PERFORMANCE))!;
    const errors = struck.map((note) => Math.abs(pitch(found, note) - pitch(truth, note))).sort((a, b) => a - b);
    expect(errors[errors.length >> 1]).toBeLessThan(1.5);
    expect(errors[Math.floor(0.9 * errors.length)]).toBeLessThan(4);
    // A key that is clearly off is heard to be.
    expect(Math.abs(pitch(found, 60) - pitch(truth, 60))).toBeLessThan(4);
    const ratios = [40, 50, 60, 70].map((note) => Math.abs(Math.log(found.inharmonicity[note - FIRST_NOTE]! / truth.inharmonicity[note - FIRST_NOTE]!)));
    expect(Math.max(...ratios)).toBeLessThan(0.3);
  });

  const flat: Tuning = { ...typical, cents: typical.cents.map((cents, i) => cents - 31 + 3 * Math.sin(i)) };
  let sound: Float32Array;
  beforeAll(() => {
    sound = record(flat);
  });
  it.each(CONDITIONS.slice(1))('is found where the recording is: %s', async (condition) => {
    const found = fitKeyboard(findRings(toMono(await recordedAs(condition, sound, RATE)), RATE, PERFORMANCE))!;
    const errors = struck.map((note) => Math.abs(pitch(found, note) - pitch(flat, note))).sort((a, b) => a - b);
    expect(errors[errors.length >> 1]).toBeLessThan(1.5);
    expect(errors[Math.floor(0.9 * errors.length)]).toBeLessThan(4);
  });

  it('is left open where nothing is heard', () => {
    expect(fitKeyboard([])).toBeUndefined();
    const deaf: Ring = { note: 60, others: [], resolution: 3, peaks: [] };
    expect(fitKeyboard([deaf, deaf, deaf])).toBeUndefined();
    expect(findRings(new Float32Array(SECONDS * RATE), RATE, PERFORMANCE).every(({ peaks }) => peaks.length === 0)).toBe(true);
  });
});

describe('solvePositive', () => {
  it('solves what it says', () => {
    const root = [[2, 0, 0], [0.5, 1.5, 0], [-1, 0.3, 0.7]];
    const matrix = root.map((row) => Float64Array.from(root, (other) => row.reduce((sum, value, k) => sum + value * other[k]!, 0)));
    const x = [1, -2, 3];
    const right = Float64Array.from(matrix, (row) => row.reduce((sum, value, k) => sum + value * x[k]!, 0));
    solvePositive(matrix, right).forEach((value, i) => expect(value).toBeCloseTo(x[i]!, 10));
  });
});
