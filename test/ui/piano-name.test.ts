import { expect, test } from 'vitest';
import { partName } from '../../ui/piano-name.ts';

test.each([
  ['Headroom Piano, Yamaha C3, Decca tree', 'Headroom Piano', 'Yamaha C3, Decca tree'],
  ['Upright Piano KW (Kawai)', 'Upright Piano KW', 'Kawai'],
  ['My piano', 'My piano', ''],
  ['(nameless)', '(nameless)', ''],
])('%s is engraved as %s', (full, name, detail) => {
  expect(partName(full)).toEqual({ name, detail });
});
