import { expect, test } from 'vitest';
import { nameOf } from '../../ui/plugins/plugin.ts';

test.each([
  ['https://site.test/plugins/big-muff/index.js', 'big-muff'],
  ['https://site.test/plugins/echo/dist/index.js?v=2#x', 'echo'],
  ['https://site.test/reverb.mjs', 'reverb'],
  ['https://site.test/', 'site.test'],
  ['nonsense', 'nonsense'],
])('%s is called %s until it says its name', (url, name) => {
  expect(nameOf(url)).toBe(name);
});
