/** Everything that is measured of one bank, and the words in which workers are told to. */
import { basename, join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { Bank } from '../../model/corpus/corpus.ts';
import { InputError } from '../../model/input-error.ts';
import { parseStyle, type Style } from '../../model/style.ts';
import { parseWeights } from '../../model/weights.ts';
import { loadKernel } from '../../worklet/engine/kernel.ts';
import { compareKeys, type Keys } from './keys.ts';
import { compareBank, type Comparison } from './left-out.ts';
import { playChord, playReleases, type ChordLevel, type Release } from './level.ts';
import { morph, type Morph } from './morph.ts';
import { monoLosses, type MonoLoss } from './stereo.ts';
import type { Player } from './strike.ts';
import { velocityResponse, type VelocityResponse } from './velocities.ts';

/** What is measured, and with what. May be posted to a worker. */
export interface Plan {
  /** File of the weights. */
  readonly weights: string;
  /** Folder of the styles. */
  readonly styles: string;
  /** Only what the distances need. */
  readonly quick: boolean;
}

export interface Job {
  readonly bank: Bank;
  /** Ids of the styles to which this one is morphed. */
  readonly towards: readonly string[];
}

/** What the quick measurement leaves out. */
export interface Thorough {
  readonly touch: VelocityResponse;
  readonly keys: Keys;
  readonly chord: ChordLevel;
  readonly releases: readonly Release[];
  readonly mono: readonly MonoLoss[];
  readonly morphs: readonly Morph[];
}

export interface Measured {
  readonly id: string;
  readonly name: string;
  readonly comparisons: readonly Comparison[];
  readonly thorough?: Thorough;
}

export async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch {
    throw new InputError(path, 'cannot be read');
  }
}

/** @throws InputError where the kernel is not built or the weights are missing or damaged */
export async function createPlayer(weights: string): Promise<Player> {
  const [relaxed, plain] = await Promise.all(['relaxed', 'plain'].map((build) => readInput(`dist/anypiano-${build}.wasm`)));
  return {
    module: await loadKernel({ relaxed: new Uint8Array(relaxed!), plain: new Uint8Array(plain!) }),
    weights: parseWeights(await readInput(weights), basename(weights)),
  };
}

export async function readStyle(folder: string, id: string): Promise<Style> {
  const path = join(folder, `${id}.json`);
  return parseStyle(new TextDecoder().decode(await readInput(path)), path);
}

/** `onStep` is called with what was done, many times. @throws InputError where a style or recording is missing */
export async function measureBank(player: Player, { styles, quick }: Plan, { bank, towards }: Job, onStep: (what: string) => void): Promise<Measured> {
  const { id, name } = bank;
  const style = await readStyle(styles, id);
  const comparisons = await compareBank(player, bank, style, quick, () => onStep(`${id}, left-out strikes`));
  if (quick) return { id, name, comparisons };
  const keys = await compareKeys(player, bank, style, () => onStep(`${id}, recorded keys`));
  const touch = velocityResponse(player, style, () => onStep(`${id}, touch`));
  const morphs: Morph[] = [];
  for (const other of towards) {
    morphs.push(morph(player, style, await readStyle(styles, other)));
    onStep(`${id}, morphs`);
  }
  const thorough = { touch, keys, chord: playChord(player, style), releases: playReleases(player, style), mono: monoLosses(player, style), morphs };
  return { id, name, comparisons, thorough };
}
