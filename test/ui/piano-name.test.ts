import { expect, test } from 'vitest';
import { partName, shortNames } from '../../ui/piano-name.ts';

test.each([
  ['Headroom Piano, Yamaha C3, Decca tree', 'Headroom Piano', 'Yamaha C3, Decca tree'],
  ['Upright Piano KW (Kawai)', 'Upright Piano KW', 'Kawai'],
  ['My piano', 'My piano', ''],
  ['(nameless)', '(nameless)', ''],
])('%s is engraved as %s', (full, name, detail) => {
  expect(partName(full)).toEqual({ name, detail });
});

test('pianos of one name are told apart', () => {
  expect(shortNames(['Headroom Piano, Yamaha C3, close', 'Headroom Piano, Yamaha C3, Decca tree', 'Upright (Kawai)', 'Mine', 'Mine'])).toEqual([
    'Headroom Piano, close',
    'Headroom Piano, Decca tree',
    'Upright',
    'Mine',
    'Mine',
  ]);
});
