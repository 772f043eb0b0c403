import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the reference of all that is exported is made without a warning', async () => {
  const { stdout, stderr } = await promisify(execFile)('npx', ['typedoc', '--options', 'ui/typedoc.config.mjs', '--emit', 'none', '--treatWarningsAsErrors']);
  expect(`${stdout}${stderr}`).not.toMatch(/warning\]|error\]/i);
});
