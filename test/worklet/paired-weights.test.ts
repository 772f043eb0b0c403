import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { pair, unpair } from '../../worklet/engine/paired-weights.ts';
import { roundToPairs } from '../../worklet/engine/wavenet-packing.ts';

const weight = fc.float({ min: -1e6, max: 1e6, noNaN: true });
/** Half of the step between bfloat16 numbers, as a share of the smallest that has it. */
const ROUNDING = 2 ** -8;

describe('two weights in one word', () => {
  it('holds each to the rounding of a bfloat16', () => {
    fc.assert(
      fc.property(weight, weight, (a, b) => {
        const [first, second] = unpair(pair(a, b));
        expect(Math.abs(first - a)).toBeLessThanOrEqual(ROUNDING * Math.abs(a) + 2 ** -59);
        expect(Math.abs(second - b)).toBeLessThanOrEqual(ROUNDING * Math.abs(b) + 2 ** -59);
      }),
      { numRuns: 5000, seed: 1 },
    );
  });

  it('has the first weight in the upper half of a float, as bfloat16 is defined', () => {
    // 1.0 is 0x3f800000, -2.5 is 0xc0200000, 2^-3 is 0x3e000000.
    expect(pair(1, -2.5) & 0xffff).toBe(0x3f80);
    expect(pair(-2.5, 0.125) & 0xffff).toBe(0xc020);
  });

  it('keeps what is rounded already', () => {
    fc.assert(
      fc.property(weight, weight, (a, b) => {
        const word = pair(a, b);
        expect(pair(...unpair(word))).toBe(word);
      }),
      { numRuns: 5000, seed: 2 },
    );
  });

  it('never leaves a subnormal number', () => {
    for (const second of [0, -0, 1e-44, -1e-30]) {
      const [, held] = unpair(pair(0.37, second));
      expect(Math.abs(held)).toBeGreaterThan(1e-19);
      expect(Math.abs(held)).toBeLessThan(1e-17);
    }
  });
});

describe("a WaveNet's matrices, rounded to pairs", () => {
  const shape = { inputs: 1, outputs: 1, channels: 8, dilations: [1, 2], conditioning: 4 };
  const random = new Random(4);
  const noise = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  const tensors = new Map<string, Float32Array>([['wavenet.head.weight', noise(8)]]);
  shape.dilations.forEach((_, layer) => {
    tensors.set(`wavenet.${layer}.conv.weight`, noise(4 * 64));
    tensors.set(`wavenet.${layer}.residual.weight`, noise(64));
  });
  const rounded = roundToPairs(shape, tensors);

  it('moves each weight by its rounding alone, and others not at all', () => {
    for (const [name, tensor] of tensors) {
      const errors = tensor.map((w, i) => Math.abs(rounded.get(name)![i]! - w) / Math.abs(w));
      expect(Math.max(...errors)).toBeLessThanOrEqual(name.includes('head') ? 0 : ROUNDING);
    }
  });

  it('changes nothing a second time', () => {
    expect(roundToPairs(shape, rounded)).toEqual(rounded);
  });
});
