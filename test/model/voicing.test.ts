import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ControlMap, createControls, type Controls } from '../../model/controls.ts';
import { Random } from '../../model/random.ts';
import { startBackend } from '../../model/train/backend.ts';
import { controlTensors, type Strikes } from '../../model/train/graph/note-network.ts';
import { voice, type VoicingTensors } from '../../model/train/graph/voicing.ts';
import { noteOutputSize } from '../../model/spec.ts';
import { fundamental, typicalTuning } from '../../model/tuning.ts';
import { COARSE, FINE, PLAIN_VOICING, VOICING_CURVES, VOICING_GRIDS, VoicingMap, type Voicing } from '../../model/voicing.ts';
import { SMALL_SPEC as spec, randomVoicing } from '../worklet/fixtures.ts';

const tuning = typicalTuning();
const raw = (() => {
  const random = new Random(7);
  return Array.from({ length: noteOutputSize(spec) }, () => 0.3 * random.normal());
})();

function controlsOf(note: number, velocity: number, voicing: Voicing | undefined): Controls {
  const controls = createControls(spec);
  new ControlMap(spec).apply(raw, fundamental(tuning, note), tuning.inharmonicity[note - 21]!, velocity, controls);
  const map = new VoicingMap(spec);
  map.set(voicing);
  map.apply(controls, note, velocity);
  return controls;
}

/** Nothing but one value, at a key and a frequency of the grid. */
function single(curve: keyof Voicing, row: number, point: number, value: number): Voicing {
  const { keys, frequencies } = VOICING_GRIDS[curve];
  return { ...PLAIN_VOICING, [curve]: keys.map((_, r) => frequencies.map((_, p) => (r === row && p === point ? value : 0))) };
}

const decibels = (a: number, b: number): number => 20 * Math.log10(a / b);

describe('a voicing', () => {
  const at = COARSE.keys.indexOf(57);
  const plain = controlsOf(57, 0.6, undefined);

  it('changes nothing where all of it is zero', () => {
    expect(controlsOf(57, 0.6, PLAIN_VOICING)).toEqual(plain);
  });

  it('is linear over the logarithm of frequency, and says nothing beyond an octave', () => {
    const louder = controlsOf(57, 0.6, single('tones', at, COARSE.frequencies.indexOf(500), 12));
    for (let i = 0; i < plain.partialCount; i++) {
      const octaves = Math.abs(Math.log2(plain.frequency[i]! / 500));
      expect(decibels(louder.promptAmplitude[i]!, plain.promptAmplitude[i]!)).toBeCloseTo(Math.max(0, 12 * (1 - octaves)), 6);
      expect(decibels(louder.aftersoundAmplitude[i]!, plain.aftersoundAmplitude[i]!)).toBeCloseTo(Math.max(0, 12 * (1 - octaves)), 6);
    }
    expect(louder.strikeAmplitude).toEqual(plain.strikeAmplitude);
    expect(louder.promptRate).toEqual(plain.promptRate);
  });

  it('has details a third of an octave and a minor third apart', () => {
    const fine = single('tonesDetail', FINE.keys.indexOf(57), 12, 12);
    expect(FINE.frequencies[12]).toBeCloseTo(500, 6);
    for (const [note, share] of [[57, 1], [58, 2 / 3], [60, 0], [55, 1 / 3]] as const) {
      const [with_, without] = [controlsOf(note, 0.6, fine), controlsOf(note, 0.6, undefined)];
      for (let i = 0; i < without.partialCount; i++) {
        const thirds = 3 * Math.abs(Math.log2(without.frequency[i]! / 500));
        expect(decibels(with_.promptAmplitude[i]!, without.promptAmplitude[i]!)).toBeCloseTo(share * Math.max(0, 12 * (1 - thirds)), 6);
      }
      expect(with_.strikeAmplitude).toEqual(without.strikeAmplitude);
    }
    const row = FINE.keys.map((key) => FINE.frequencies.map(() => (key === 57 ? 9 : 0)));
    const noises = controlsOf(57, 0.6, { ...PLAIN_VOICING, strikeDetail: row, bodyDetail: row });
    noises.strikeAmplitude.forEach((value, b) => expect(decibels(value, plain.strikeAmplitude[b]!)).toBeCloseTo(9, 6));
    noises.bodyAmplitude.forEach((value, b) => expect(decibels(value, plain.bodyAmplitude[b]!)).toBeCloseTo(9, 6));
  });

  it('is linear over the keyboard', () => {
    const voicing: Voicing = { ...PLAIN_VOICING, body: COARSE.keys.map((_, row) => COARSE.frequencies.map(() => (row === at ? 12 : 0))) };
    for (const [note, expected] of [[45, 0], [48, 3], [54, 9], [57, 12], [63, 6], [69, 0], [21, 0], [108, 0]] as const) {
      const [with_, without] = [controlsOf(note, 0.6, voicing), controlsOf(note, 0.6, undefined)];
      expect(decibels(with_.bodyAmplitude[9]!, without.bodyAmplitude[9]!)).toBeCloseTo(expected, 6);
    }
  });

  it('makes louder strikes louder still by its touch', () => {
    const flat = (value: number): number[][] => COARSE.keys.map(() => COARSE.frequencies.map(() => value));
    const voicing: Voicing = { ...PLAIN_VOICING, tonesTouch: flat(20), noiseTouch: flat(-10) };
    for (const velocity of [0.2, 0.6, 1]) {
      const [with_, without] = [controlsOf(60, velocity, voicing), controlsOf(60, velocity, undefined)];
      expect(decibels(with_.promptAmplitude[2]!, without.promptAmplitude[2]!)).toBeCloseTo(20 * (velocity - 0.6), 6);
      expect(decibels(with_.strikeAmplitude[2]!, without.strikeAmplitude[2]!)).toBeCloseTo(-10 * (velocity - 0.6), 6);
      expect(decibels(with_.bodyAmplitude[2]!, without.bodyAmplitude[2]!)).toBeCloseTo(-10 * (velocity - 0.6), 6);
    }
  });

  it('makes hard strikes louder still by its force, and leaves soft ones alone', () => {
    const flat = (value: number): number[][] => COARSE.keys.map(() => COARSE.frequencies.map(() => value));
    const voicing: Voicing = { ...PLAIN_VOICING, tonesForce: flat(20), noiseForce: flat(-10) };
    for (const velocity of [0.2, 0.6, 0.8, 1]) {
      const [with_, without] = [controlsOf(60, velocity, voicing), controlsOf(60, velocity, undefined)];
      const force = Math.max(0, velocity - 0.6);
      expect(decibels(with_.aftersoundAmplitude[2]!, without.aftersoundAmplitude[2]!)).toBeCloseTo(20 * force, 6);
      expect(decibels(with_.strikeAmplitude[2]!, without.strikeAmplitude[2]!)).toBeCloseTo(-10 * force, 6);
      expect(decibels(with_.bodyAmplitude[2]!, without.bodyAmplitude[2]!)).toBeCloseTo(-10 * force, 6);
    }
  });

  it('lets sound die away faster', () => {
    const flat = (value: number): number[][] => COARSE.keys.map(() => COARSE.frequencies.map(() => value));
    const faster = controlsOf(57, 0.6, { ...PLAIN_VOICING, decay: flat(Math.log(2)), fade: flat(Math.log(3)) });
    faster.promptRate.slice(0, plain.partialCount).forEach((rate, i) => expect(rate / plain.promptRate[i]!).toBeCloseTo(2, 9));
    faster.aftersoundRate.slice(0, plain.partialCount).forEach((rate, i) => expect(rate / plain.aftersoundRate[i]!).toBeCloseTo(2, 9));
    faster.bodyRate.forEach((rate, b) => expect(rate / plain.bodyRate[b]!).toBeCloseTo(3, 9));
    expect(faster.strikeRate).toEqual(plain.strikeRate);
  });
});

describe('a voicing as a graph', () => {
  beforeAll(() => startBackend('wasm'));

  it('does what it does to one strike', () => {
    const voicing = randomVoicing(5);
    const notes = [21, 40, 57, 71, 108];
    const velocities = [0.2, 0.9, 0.6, 0.4, 1];
    const strikes: Strikes = {
      note: notes,
      velocity: velocities,
      f0: notes.map((note) => fundamental(tuning, note)),
      inharmonicity: notes.map((note) => tuning.inharmonicity[note - 21]!),
    };
    const tensors = Object.fromEntries(VOICING_CURVES.map((name) => [name, tf.tensor2d(voicing[name].map((row) => [...row]))])) as unknown as VoicingTensors;
    const graph = voice(spec, controlTensors(spec, tf.tensor2d(notes.map(() => raw)), strikes), strikes, tensors);
    notes.forEach((note, s) => {
      const one = controlsOf(note, velocities[s]!, voicing);
      for (const name of ['promptAmplitude', 'aftersoundAmplitude', 'promptRate', 'aftersoundRate', 'strikeAmplitude', 'strikeRate', 'bodyAmplitude', 'bodyRate', 'riseRate'] as const) {
        const row = [...(graph[name].slice([s, 0], [1, -1]).dataSync() as Float32Array)];
        const count = name.startsWith('prompt') || name.startsWith('after') ? one.partialCount : row.length;
        row.slice(0, count).forEach((value, i) => expect(value / one[name][i]!, `${name} ${i} of ${note}`).toBeCloseTo(1, 4));
      }
    });
  });
});
