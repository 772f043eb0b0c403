import { expect, test } from 'vitest';
import { BLACK_LENGTH, KEYS, WHITE_COUNT, keyAt, noteName, spokenName, touchVelocity } from '../../ui/keyboard-layout.ts';

test('a piano has 52 white and 36 black keys, from A0 to C8', () => {
  expect(KEYS.filter((key) => !key.black)).toHaveLength(WHITE_COUNT);
  expect(KEYS.filter((key) => key.black)).toHaveLength(36);
  expect([KEYS[0]!.note, KEYS.at(-1)!.note]).toEqual([21, 108]);
  expect([noteName(21), noteName(60), noteName(108)]).toEqual(['A0', 'C4', 'C8']);
});

test('names are read aloud in words', () => {
  expect([spokenName(60), spokenName(61)]).toEqual(['C 4', 'C sharp 4']);
});

test('the middle of every key, near its front, is that key', () => {
  for (const key of KEYS) {
    const along = key.black ? BLACK_LENGTH - 0.05 : 0.95;
    expect(keyAt(key.left + key.width / 2, along)?.note).toBe(key.note);
  }
});

test('between two black keys the white key is reached at the back', () => {
  const d4 = KEYS.find((key) => key.note === 62)!;
  expect(keyAt(d4.left + 0.5, 0.1)?.note).toBe(62);
});

test('beside the keys there is no key', () => {
  expect(keyAt(-0.1, 0.5)).toBeUndefined();
  expect(keyAt(52.1, 0.5)).toBeUndefined();
  expect(keyAt(10, -0.1)).toBeUndefined();
  expect(keyAt(10, 1.1)).toBeUndefined();
});

test('nearer to the player is louder, within 0 and 1', () => {
  for (const key of [KEYS[0]!, KEYS[1]!]) {
    const velocities = [-0.2, 0, 0.2, 0.4, 0.6, 1.2].map((along) => touchVelocity(key, along));
    expect(velocities).toEqual(velocities.toSorted((a, b) => a - b));
    expect(velocities[0]).toBeGreaterThan(0);
    expect(velocities.at(-1)).toBeLessThanOrEqual(1);
  }
});
