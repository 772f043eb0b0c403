/** Files that a command was asked for are whole or not there at all, and what it is made of stays. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sine, wavFile } from '../model/audio/fixtures.ts';
import { midiFile } from '../model/files.ts';
import { install, run, type Installation } from './installation.ts';

let installation: Installation;
const at = (name: string): string => join(installation.work, name);
beforeAll(async () => {
  installation = await install();
  await writeFile(at('song.mid'), midiFile(0, 96, [[0, 0x90, 69, 100, 96, 69, 0]]));
  await writeFile(at('scale.wav'), wavFile([sine(440, 44100, 2 * 44100)], 44100, '16'));
  // Ten minutes, far more than can be rendered in the moment before a signal.
  await writeFile(at('long.mid'), midiFile(0, 1, [[0, 0x90, 69, 100, 0x89, 0x30, 69, 0]]));
});
afterAll(() => installation.remove());

type Kill = (signal: NodeJS.Signals) => void;

/** Renders the long piece until there is something of it, and then does something. @returns the exit code */
async function renderUntil(then: (kill: Kill) => void): Promise<number | null> {
  const { code } = await run(installation, ['render', 'long.mid', '--style', 'test-piano', '-o', 'long.wav'], (kill) => {
    const watch = setInterval(() => {
      void readdir(installation.work).then((files) => {
        if (!files.some((file) => file.endsWith('.part'))) return;
        clearInterval(watch);
        then(kill);
      });
    }, 20);
  });
  return code;
}

describe('a file that is being written', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('is gone after %s', async (signal) => {
    const before = await readdir(installation.work);
    expect(await renderUntil((kill) => kill(signal))).toBe(130);
    expect(await readdir(installation.work)).toEqual(before);
  });

  it('is gone after two signals at once, as a batch sends one beside the terminal', async () => {
    const before = await readdir(installation.work);
    const code = await renderUntil((kill) => {
      kill('SIGINT');
      setTimeout(() => kill('SIGINT'), 5);
    });
    expect(code).toBe(130);
    expect(await readdir(installation.work)).toEqual(before);
  });

  it('is not what it is made of', async () => {
    const bytes = await readFile(at('song.mid'));
    const { code, stderr } = await run(installation, ['render', 'song.mid', '--style', 'test-piano', '-o', './song.mid']);
    expect([code, stderr]).toEqual([2, './song.mid: would be written over what it is made of\n']);
    expect(await readFile(at('song.mid'))).toEqual(bytes);
    const batch = await run(installation, ['batch', 'transfer', 'scale.wav', '-o', '.', '--', '--style', 'test-piano']);
    expect([batch.code, batch.stderr]).toEqual([2, 'scale.wav: would be written over: choose another folder than .\n']);
  });
});
