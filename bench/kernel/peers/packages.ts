/** The packages of the peers: heavy, and of use to the benchmark alone, so they live in `bench/peers`. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const FOLDER = 'bench/peers';

/** Installs the packages unless they are there. @returns whether they are there now */
export async function installPeers(): Promise<boolean> {
  if (existsSync(`${FOLDER}/node_modules/.package-lock.json`)) return true;
  console.log(`Peers: npm ci --ignore-scripts --prefix ${FOLDER} installs ONNX Runtime once, about 460 MB`);
  try {
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--prefix', FOLDER], { shell: process.platform === 'win32' });
    return true;
  } catch (error) {
    const lines = String((error as { stderr?: string }).stderr ?? error).split('\n');
    // Warnings come first.
    console.log(`Peers: ONNX Runtime is left out: ${lines.find((line) => /error /i.test(line)) ?? lines[0]}`);
    return false;
  }
}

const requirePeer = createRequire(resolve(FOLDER, 'package.json'));

/** A CommonJS package of the peers. */
export function loadPeer<T>(name: string): T {
  return requirePeer(name) as T;
}

/** Content of a file of the peers' packages. */
export function readPeerFile(path: string): Promise<Uint8Array> {
  return readFile(`${FOLDER}/node_modules/${path}`);
}
