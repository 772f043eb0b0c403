import { expect, test } from 'vitest';
import { decodeHalf, encodeHalf, isHalf, roundToHalf } from '../../model/half.ts';
import { Random } from '../../model/random.ts';

/** All finite numbers of 16 bits from 0 up. */
const NUMBERS = Array.from({ length: 0x7c00 }, (_, bits) => decodeHalf(bits));

test('the numbers of 16 bits are those that the standard says', () => {
  expect([0x3c00, 0xc000, 0x0001, 0x03ff, 0x0400, 0x7bff, 0x7c00, 0x3555].map(decodeHalf)).toEqual([1, -2, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, Infinity, 0.333251953125]);
});

test('each of them has its own bits, with either sign', () => {
  NUMBERS.forEach((value, bits) => {
    expect(encodeHalf(value)).toBe(bits);
    expect(encodeHalf(-value)).toBe(bits | 0x8000);
    expect(isHalf(value)).toBe(true);
  });
});

test('any other number is rounded to the nearest', () => {
  const random = new Random(1);
  for (let i = 0; i < 3000; i++) {
    const value = (random.chance(0.5) ? 1 : -1) * 2 ** random.between(-27, 15.9);
    const near = roundToHalf(value);
    const bits = encodeHalf(Math.abs(value));
    const around = [NUMBERS[bits - 1], NUMBERS[bits + 1]].filter((x) => x !== undefined);
    for (const other of around) expect(Math.abs(Math.abs(value) - Math.abs(near))).toBeLessThanOrEqual(Math.abs(Math.abs(value) - other));
    expect(isHalf(near)).toBe(true);
  }
  expect(roundToHalf(1 + 2 ** -11)).toBe(1);
  expect(roundToHalf(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9);
  expect(isHalf(1 + 2 ** -11)).toBe(false);
  expect([1e5, Infinity, NaN].map(isHalf)).toEqual([false, false, false]);
});
