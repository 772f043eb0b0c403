import { describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { GeneratorGuard } from '../../worklet/engine/generator-guard.ts';
import { distance } from './fixtures.ts';

const RATE = 24000;
const ROWS = 16;
/** Samples after which a restart is over. */
const AFTER = 1500;

/** Smooth noise of unit power: a click stands out of it. */
function texture(length: number, seed: number): Float32Array {
  const random = new Random(seed);
  let y = 0;
  return Float32Array.from({ length }, () => (y = 0.99 * y + Math.sqrt(1 - 0.99 ** 2) * random.normal()));
}

const steepest = (samples: Float32Array, from: number, to: number): number => {
  let most = 0;
  for (let n = from; n < to; n++) most = Math.max(most, Math.abs(samples[n]! - samples[n - 1]!));
  return most;
};

interface Watched {
  readonly out: Float32Array;
  /** Samples at which the generator was to be reset. */
  readonly resets: number[];
  readonly guard: GeneratorGuard;
}

/** Watches what `make` gives for each run, told how many samples came since the last reset. */
function watch(runs: number, make: (sinceReset: number, run: number) => { samples: Float32Array; drawn?: number }, judged = true): Watched {
  const guard = new GeneratorGuard(RATE);
  const out = new Float32Array(runs * ROWS);
  const resets: number[] = [];
  let since = 0;
  for (let run = 0; run < runs; run++) {
    const { samples, drawn = ROWS } = make(since, run);
    since += ROWS;
    if (guard.watch(samples, drawn, ROWS, judged)) {
      resets.push(run * ROWS);
      since = 0;
    }
    out.set(samples, run * ROWS);
  }
  return { out, resets, guard };
}

const part = (of: Float32Array, run: number): Float32Array => of.slice(run * ROWS, (run + 1) * ROWS);

describe('the guard of a generator', () => {
  it('lets a good one through untouched', () => {
    const good = texture(RATE, 1);
    const { out, resets } = watch(RATE / ROWS, (_, run) => ({ samples: part(good, run) }));
    expect(distance(out, good)).toBe(0);
    expect(resets).toEqual([]);
  });

  it('starts one anew that gives no number, within the very run, and no click is heard', () => {
    const good = texture(RATE, 2);
    const fault = 700;
    const { out, resets, guard } = watch(RATE / ROWS, (_, run) => (run === fault ? { samples: part(good, run).fill(NaN, 5), drawn: 5 } : { samples: part(good, run) }));
    expect(resets).toEqual([fault * ROWS]);
    expect(guard.restarts).toBe(1);
    expect(out.every(Number.isFinite)).toBe(true);
    const usual = steepest(good, 1, good.length);
    expect(steepest(out, fault * ROWS, fault * ROWS + 1000)).toBeLessThan(1.05 * usual);
    // After the fade it is the generator's own sound again.
    expect(distance(out.slice(fault * ROWS + AFTER), good.slice(fault * ROWS + AFTER))).toBe(0);
  });

  it.each([
    ['went silent', 1e-4],
    ['ran away', 8],
  ])('starts one anew that %s, after a tenth of a second, and no click is heard', (_, gain) => {
    const [good, seconds] = [texture(2 * RATE, 3), 2];
    const from = RATE / 2;
    let broken = true;
    const { out, resets } = watch((seconds * RATE) / ROWS, (since, run) => {
      if (run * ROWS >= from && since < ROWS && run > 0) broken = false;
      const samples = part(good, run);
      return { samples: broken && run * ROWS >= from ? samples.map((x) => gain * x) : samples };
    });
    expect(resets.length).toBe(1);
    expect(resets[0]! - from).toBeGreaterThan(0.1 * RATE);
    expect(resets[0]! - from).toBeLessThan(0.4 * RATE);
    const usual = steepest(good, 1, good.length) * Math.max(1, gain);
    expect(steepest(out, resets[0]! - 100, resets[0]! + 1000)).toBeLessThan(1.05 * usual);
    expect(distance(out.slice(resets[0]! + AFTER), good.slice(resets[0]! + AFTER))).toBe(0);
  });

  it('judges nothing where no sound is expected', () => {
    expect(watch(RATE / ROWS, () => ({ samples: new Float32Array(ROWS) }), false).resets).toEqual([]);
  });
});
