import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { morph } from '../../bench/quality/morph.ts';
import { findPaces, type Way } from '../../bench/quality/paces.ts';
import { pacedShare } from '../../model/morph.ts';
import { parseStyle, type Style } from '../../model/style.ts';
import { parseWeights } from '../../model/weights.ts';
import { kernelBuilds } from '../worklet/fixtures.ts';

/** A way of length 1.4 that is gone in even steps where the pianos at its ends have these paces. */
function evenWay(from: number, to: number, paces: readonly number[]): Way {
  const fine = Array.from({ length: 4001 }, (_, i) => pacedShare(i / 4000, paces[to]! - paces[from]!));
  const gone = Array.from({ length: 21 }, (_, k) => 1.4 * (fine.findIndex((share) => share >= pacedShare(k / 20, 0) - 1e-9) / 4000));
  return { from, to, gone, whole: 1 };
}

describe('paces', () => {
  it('are found from ways that would be even with them', () => {
    const truth = [-0.3, 0.1, 0.35, -0.15];
    const ways = truth.flatMap((_, from) => truth.slice(from + 1).map((_, i) => evenWay(from, from + 1 + i, truth)));
    findPaces(4, ways).forEach((pace, i) => expect(Math.abs(pace - truth[i]!)).toBeLessThan(0.04));
  });

  const weights = parseWeights(readFileSync('model/pretrained/model.safetensors'), 'model.safetensors');
  const player = { module: kernelBuilds()[0]!.module, weights };
  const shipped = (id: string): Style => parseStyle(readFileSync(`model/pretrained/styles/${id}.json`, 'utf8'), id);

  it.each([
    ['salamander-c5', 'vcsl-upright-yamaha'],
    ['salamander-c5', 'ydp-disklavier'],
    ['headroom-c3-close', 'cp80'],
  ])('let no step from %s to %s be longer than a quarter of the way', (from, to) => {
    const [a, b] = [shipped(from), shipped(to)];
    const paced = morph(player, a, b).longest;
    expect(paced).toBeLessThanOrEqual(0.25);
    expect(paced).toBeLessThan(morph(player, { ...a, pace: 0 }, { ...b, pace: 0 }).longest);
  });
});
