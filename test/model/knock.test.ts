import { expect, test } from 'vitest';
import { hasKnock, knockSound, mixKnock } from '../../model/knock.ts';

const knock = { waves: 2, samples: 400, divisor: 12 };
const RATE = 48000;

test.each([60, 300, 1000, 1450])('a tone of %i Hz at the low rate is that tone at the model rate', (hertz) => {
  const tone = (seconds: number): number => Math.sin(2 * Math.PI * hertz * seconds + 0.4);
  const sound = knockSound({ knock }, Float64Array.from({ length: knock.samples }, (_, n) => tone((n * knock.divisor) / RATE)));
  expect(sound.length).toBe(knock.samples * knock.divisor);
  // Away from the ends, where the filter sees the silence around.
  let worst = 0;
  for (let n = 200; n < sound.length - 200; n++) worst = Math.max(worst, Math.abs(sound[n]! - tone(n / RATE)));
  expect(worst).toBeLessThan(2e-3);
});

test('a knock begins with the strike and has ended when its samples have', () => {
  const sound = knockSound({ knock: { ...knock, samples: 2 } }, [1, 0]);
  expect(sound[0]).toBeCloseTo(1, 12);
  expect(sound[12]).toBeCloseTo(0, 12);
});

test('waveforms are mixed by their weights', () => {
  const waves = Float64Array.from({ length: 800 }, (_, i) => (i < 400 ? i : -3 * i));
  const mixed = mixKnock({ knock }, waves, [2, -0.5]);
  for (const n of [8, 9, 200, 319]) expect(mixed[n]).toBeCloseTo(2 * n + 1.5 * (400 + n), 9);
});

test('no waveform begins or ends with a click', () => {
  const sound = [0, 0, ...knockSound({ knock }, mixKnock({ knock }, new Float64Array(800).fill(1), [1, 0])), 0, 0];
  const bend = (n: number): number => Math.abs(sound[n]! - 2 * sound[n - 1]! + sound[n - 2]!);
  expect(Math.max(...sound.slice(2).map((_, i) => bend(i + 2)))).toBeLessThan(0.01);
  expect(sound[2000]).toBeCloseTo(1, 2);
});

test('keys whose partials leave room between them have a knock', () => {
  expect([27.5, 65, 110, 4186].map(hasKnock)).toEqual([false, false, true, true]);
});
