import { describe, expect, test } from 'vitest';
import { playStrike, type Player } from '../../bench/quality/strike.ts';
import { playChord, playReleases } from '../../bench/quality/level.ts';
import { morph } from '../../bench/quality/morph.ts';
import { monoLosses } from '../../bench/quality/stereo.ts';
import { STYLE_FORMAT, type Style } from '../../model/style.ts';
import { typicalTuning } from '../../model/tuning.ts';
import { Random } from '../../model/random.ts';
import { SMALL_SPEC, kernelBuilds, randomWeights } from '../worklet/fixtures.ts';

const player: Player = { module: kernelBuilds()[0]!.module, weights: randomWeights(SMALL_SPEC, 1) };

function style(id: string, seed: number): Style {
  const random = new Random(seed);
  return {
    format: STYLE_FORMAT, id, name: id, model: SMALL_SPEC.id, embedding: Array.from({ length: SMALL_SPEC.style.size }, () => random.normal()),
    tuning: typicalTuning(), kind: 'grand', source: '', licence: '', credit: '',
  };
}

describe('with an engine of random weights', () => {
  const [a, b] = [style('a', 1), style('b', 2)];

  test('a morph has a whole and a longest step', () => {
    const { from, to, whole, longest } = morph(player, a, b);
    expect([from, to]).toEqual(['a', 'b']);
    expect(whole).toBeGreaterThan(0.1);
    // Ten steps reach the other end, so that one at least is a tenth of the way.
    expect(longest).toBeGreaterThanOrEqual(0.1);
  });

  test('strikes draw the same noise where they have the same seed, and only there', () => {
    const [first, same, other] = [3, 3, 4].map((seed) => playStrike(player, { style: a, note: 60, velocity: 0.7, seconds: 0.1, seed }));
    expect(same).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('a chord is as loud as the engine makes it', () => {
    const one = playStrike(player, { style: a, note: 36, velocity: 100 / 127, seconds: 2 });
    const loudest = one.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const { peak, level } = playChord(player, a);
    expect(peak).toBeGreaterThan(20 * Math.log10(loudest) - 6);
    expect(level).toBeLessThan(peak);
  });

  test('the damper is the most that a released string needs', () => {
    for (const { seconds, damper } of playReleases(player, a)) if (seconds !== undefined) expect(seconds).toBeLessThan(1.5 * damper + 0.05);
  });

  test('the mono sum loses more in a wider and larger room', () => {
    const [usual, most] = monoLosses(player, a);
    expect(usual!.worst).toBeGreaterThan(0);
    expect(most!.worst).toBeGreaterThan(usual!.worst);
  });
});
