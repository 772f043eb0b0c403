/** Small weights, styles and MIDI files to read, break and play. */
import { Random } from '../../model/random.ts';
import { DEFAULT_SPEC, type Spec } from '../../model/spec.ts';
import { STYLE_FORMAT, type Style } from '../../model/style.ts';
import { decoderTensors } from '../../model/tensors.ts';
import { typicalTuning } from '../../model/tuning.ts';
import type { Weights } from '../../model/weights.ts';

export const SMALL_SPEC: Spec = {
  ...DEFAULT_SPEC,
  id: 'small-1',
  style: { size: 3 },
  noteNetwork: { pitchFeatures: 2, hidden: [4] },
  strings: { partials: 3, attackRange: 2 },
  noise: { bands: 34 },
  knock: { waves: 2, samples: 4, divisor: 2 },
  waveNet: { fold: 4, channels: 2, dilations: [1, 2], voiceFeatures: 2, decaySeconds: [0.1] },
};

export function randomWeights(spec: Spec, seed: number): Weights {
  const random = new Random(seed);
  const tensors = decoderTensors(spec).map(({ name, shape }) => {
    const count = shape.reduce((product, length) => product * length, 1);
    return [name, Float32Array.from({ length: count }, () => random.normal())] as const;
  });
  return { spec, tensors: new Map(tensors) };
}

export function plainStyle(change: Partial<Style> = {}): Style {
  return {
    format: STYLE_FORMAT,
    id: 'test-piano',
    name: 'Test Piano',
    model: SMALL_SPEC.id,
    embedding: [0.5, -1, 0],
    tuning: typicalTuning(),
    kind: 'grand',
    source: 'a test',
    licence: 'CC0-1.0',
    credit: 'Nobody',
    ...change,
  };
}

/** Bytes of a MIDI file; each track is its events without the end of track. @param division as in the header */
export function midiFile(format: number, division: number, tracks: readonly (readonly number[])[]): Uint8Array {
  const chunk = (id: string, data: readonly number[]): number[] => [...Buffer.from(id), 0, 0, data.length >> 8, data.length & 255, ...data];
  const header = chunk('MThd', [0, format, 0, tracks.length, division >> 8, division & 255]);
  return Uint8Array.from([...header, ...tracks.flatMap((events) => chunk('MTrk', [...events, 0, 0xff, 0x2f, 0]))]);
}

/** A tempo event after `delta` ticks, below 128. */
export function tempo(delta: number, microsecondsPerBeat: number): number[] {
  return [delta, 0xff, 0x51, 3, microsecondsPerBeat >> 16, (microsecondsPerBeat >> 8) & 255, microsecondsPerBeat & 255];
}
