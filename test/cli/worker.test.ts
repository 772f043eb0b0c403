/** Batches on a real Redis server, with workers that come, fail and die. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseMidiFile } from '../../model/performance.ts';
import { midiFile } from '../model/files.ts';
import { install, run, type Installation } from './installation.ts';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) process.stderr.write('redis-server is not installed: batches on Redis are not tested\n');

let installation: Installation;
let redis: ChildProcess;
let url: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  installation = await install();
  url = `redis://localhost:${await freePort()}`;
  if (!hasRedis) return;
  redis = spawn('redis-server', ['--port', new URL(url).port, '--save', '', '--appendonly', 'no'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await saying(redis, 'Ready to accept connections');
});
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(async () => {
  (redis as ChildProcess | undefined)?.kill();
  await installation.remove();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

function saying(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    let said = '';
    child.stdout!.on('data', (data: Buffer) => {
      said += data.toString();
      if (said.includes(text)) resolve();
    });
  });
}

function startWorker(): ChildProcess {
  const child = spawn(process.execPath, [join(installation.folder, 'cli', 'anypiano.js'), 'worker', '--redis', url], { cwd: installation.folder, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

const batch = (folder: string, ...files: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  run(installation, ['batch', 'render', ...files, '-o', folder, '--redis', url, '--json', '--', '--style', 'test-piano', '--rate', '32000']);
const song = (note: number, beats = 1): Uint8Array => midiFile(0, 96, [Array.from({ length: beats }, () => [0, 0x90, note, 100, 96, note, 0]).flat()]);

describe.skipIf(!hasRedis)('anypiano worker', () => {
  it('shares a batch with others, and no file is made twice', async () => {
    const files = ['a.mid', 'b.mid', 'c.mid', 'd.mid'];
    await Promise.all(files.map((file, i) => writeFile(join(installation.work, file), song(60 + i))));
    await writeFile(join(installation.work, 'broken.mid'), 'no MIDI');
    const made = [startWorker(), startWorker()].map((worker) => {
      const lines: string[] = [];
      worker.stdout!.on('data', (data: Buffer) => lines.push(...data.toString().trim().split('\n')));
      return lines;
    });
    // Twice at once: the second one waits for the same jobs.
    const [first, second] = await Promise.all([batch('out', ...files, 'broken.mid'), batch('out', ...files)]);
    expect(first.code).toBe(2);
    expect(JSON.parse(first.stdout)).toMatchObject({ made: 4, kept: 0, failed: 1 });
    expect(first.stderr).toContain('broken.mid');
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(made.flat().filter((line) => line.endsWith(': made'))).toHaveLength(4);
    expect((await readdir(join(installation.work, 'out'))).filter((name) => name.endsWith('.wav')).sort()).toEqual(['a.wav', 'b.wav', 'c.wav', 'd.wav']);
    expect(JSON.parse((await batch('out', ...files)).stdout)).toMatchObject({ made: 0, kept: 4, failed: 0 });
  });

  it('does the job of one that was killed', async () => {
    await writeFile(join(installation.work, 'long.mid'), song(60, 500));
    const victim = startWorker();
    const outcome = batch('long', 'long.mid');
    // Once the file is being written, somebody has begun.
    await expect.poll(async () => (await readdir(join(installation.work, 'long')).catch(() => [])).length, { timeout: 30_000 }).toBeGreaterThan(0);
    victim.kill('SIGKILL');
    startWorker();
    const { code, stdout } = await outcome;
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { made: expect.any(Number) as number, failed: 0 }]);
    const { seconds } = parseMidiFile(await readFile(join(installation.work, 'long.mid')), 'long.mid');
    expect((await stat(join(installation.work, 'long', 'long.wav'))).size).toBeGreaterThan(seconds * 32000);
  });

  it('gives back what it had begun when it is stopped', async () => {
    await writeFile(join(installation.work, 'next.mid'), song(62, 500));
    const leaving = startWorker();
    const outcome = batch('next', 'next.mid');
    await expect.poll(async () => (await readdir(join(installation.work, 'next')).catch(() => [])).length, { timeout: 30_000 }).toBeGreaterThan(0);
    leaving.kill('SIGINT');
    const [code] = (await once(leaving, 'exit')) as [number | null];
    expect(code).toBe(130);
    startWorker();
    expect(JSON.parse((await outcome).stdout)).toMatchObject({ made: 1, failed: 0 });
  });
});

describe('an address of Redis', () => {
  it.each([
    ['nonsense', "--redis: 'nonsense' is not an address like redis://localhost:6379\n"],
    ['redis://localhost:1', '--redis: no Redis answers at localhost:1\n'],
  ])('that is wrong is named: %s', async (address, message) => {
    expect(await run(installation, ['worker', '--redis', address])).toMatchObject({ code: 2, stderr: message });
  });
});
