/** The paces of styles: how fast the sound changes near each, by what the engine plays between them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pacedShare, straightBetween } from '../../model/morph.ts';
import { serialiseStyle, type Style } from '../../model/style.ts';
import { readStyle } from './measure.ts';
import { clipsOf, distanceOf } from './morph.ts';
import type { Player } from './strike.ts';

/** Places on each way at which it is listened to, and steps in which it is gone. */
const PLACES = 20;
const STEPS = 10;
/** Changes of a pace that are tried, one after the other. */
const CHANGES = [0.2, 0.1, 0.05, 0.02, 0.01];
const ROUNDS = 12;
/** Decimal places of a pace. */
const DIGITS = 2;

/** A way between two styles, by their indices. */
export interface Way {
  readonly from: number;
  readonly to: number;
  /** How far one has come at each place, from 0 to the whole length. */
  readonly gone: readonly number[];
  /** Distance between the ends, mel dB. */
  readonly whole: number;
}

/** Listens to the ways between all styles, at even shares of what `pacedShare` has without paces; `onWay` is called after each. */
export function listenToWays(player: Player, styles: readonly Style[], onWay: () => void): Way[] {
  return styles.flatMap((a, from) =>
    styles.slice(from + 1).map((b, i): Way => {
      const clips = Array.from({ length: PLACES + 1 }, (_, k) => clipsOf(player, k === 0 ? a : k === PLACES ? b : straightBetween(a, b, pacedShare(k / PLACES, 0))));
      const gone = [0];
      for (let k = 0; k < PLACES; k++) gone.push(gone[k]! + distanceOf(clips[k]!, clips[k + 1]!));
      onWay();
      return { from, to: from + 1 + i, gone, whole: distanceOf(clips[0]!, clips[PLACES]!) };
    }),
  );
}

/** The longest of ten steps as a share of the distance between the ends. */
function longest({ from, to, gone, whole }: Way, paces: readonly number[]): number {
  const at = (share: number): number => {
    // Where on the way without paces this share of the embedding is reached: `pacedShare` undone by halving.
    let [low, high] = [0, 1];
    for (let i = 0; i < 24; i++) {
      const middle = (low + high) / 2;
      if (pacedShare(middle, 0) < share) low = middle;
      else high = middle;
    }
    const place = Math.min(PLACES - 1, Math.floor(low * PLACES));
    return gone[place]! + (low * PLACES - place) * (gone[place + 1]! - gone[place]!);
  };
  const reached = Array.from({ length: STEPS + 1 }, (_, k) => at(pacedShare(k / STEPS, paces[to]! - paces[from]!)));
  return Math.max(...reached.slice(1).map((here, k) => here - reached[k]!)) / whole;
}

/** Paces with mean 0 that make the longest steps of all ways short, the longest of all most of all. */
export function findPaces(styles: number, ways: readonly Way[]): number[] {
  const cost = (paces: readonly number[]): number => ways.reduce((sum, way) => sum + longest(way, paces) ** 8, 0);
  let paces = new Array<number>(styles).fill(0);
  let best = cost(paces);
  for (const change of CHANGES) {
    for (let round = 0; round < ROUNDS; round++) {
      const before = best;
      for (let style = 0; style < styles; style++) {
        for (const sign of [1, -1]) {
          const tried = paces.map((pace, i) => (i === style ? pace + sign * change : pace));
          const costs = cost(tried);
          if (costs < best) [paces, best] = [tried, costs];
        }
      }
      if (best === before) break;
    }
  }
  const mean = paces.reduce((sum, pace) => sum + pace, 0) / styles;
  return paces.map((pace) => Number((pace - mean).toFixed(DIGITS)));
}

/** Works out the paces of a folder's styles and writes them into their files. @returns a line for each @throws InputError where a style is missing */
export async function setPaces(player: Player, folder: string, ids: readonly string[], onWay: () => void): Promise<string[]> {
  const styles = await Promise.all(ids.map((id) => readStyle(folder, id)));
  const paces = findPaces(styles.length, listenToWays(player, styles, onWay));
  await Promise.all(styles.map((style, i) => writeFile(join(folder, `${style.id}.json`), serialiseStyle({ ...style, pace: paces[i]! }))));
  return styles.map(({ id }, i) => `${id.padEnd(24)}${paces[i]!.toFixed(DIGITS)}`);
}
