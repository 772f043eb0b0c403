import { describe, expect, test } from 'vitest';
import { SettingsStore } from '../../ui/settings-store.ts';
import { SETTING_RANGES, turned, type Turnable } from '../../ui/sound-settings.ts';

const ALL = Object.entries(SETTING_RANGES) as [Turnable, (typeof SETTING_RANGES)[Turnable]][];

describe.each(ALL)('%s', (setting, { least, most, rest, describe: words }) => {
  test('goes from end to end with a controller, and never back on the way', () => {
    const places = Array.from({ length: 128 }, (_, value) => turned(setting, value));
    expect([places[0], places[127]]).toEqual([least, most]);
    for (let value = 1; value < 128; value++) expect(places[value]!).toBeGreaterThan(places[value - 1]!);
  });

  test('says in words where it is, differently at its ends and where it rests', () => {
    expect(new Set([least, rest === least ? (least + most) / 2 : rest, most].map(words)).size).toBe(3);
  });
});

test('what rests between its ends rests in the middle of a controller', () => {
  for (const setting of ['brightness', 'hammer', 'touch'] as const) expect(turned(setting, 64)).toBe(0);
  expect(turned('concertPitch', 64)).toBe(440);
});

test('settings that were kept by an older page, or damaged, rest', () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  Object.assign(globalThis, { localStorage: storage });
  kept.set('anypiano-page', JSON.stringify({ piano: 'cp80', width: 0.3, room: 7, learned: { brightness: 74, touch: 900 }, hammer: 'soft' }));
  expect(new SettingsStore('page').read()).toMatchObject({ piano: 'cp80', width: 0.3, room: 0.2, brightness: 0, hammer: 0, concertPitch: 440, inTune: 0, learned: {} });
  kept.set('anypiano-page', JSON.stringify({ learned: { brightness: 74 }, concertPitch: 415 }));
  expect(new SettingsStore('page').read()).toMatchObject({ learned: { brightness: 74 }, concertPitch: 415 });
});
