import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseMidiFile } from '../../model/performance.ts';
import { wavFile } from '../model/audio/fixtures.ts';
import { PIECE_RATE, playEtude } from '../transcribe/piece.ts';
import { install, run, type Installation } from './installation.ts';

let installation: Installation;
beforeAll(async () => {
  installation = await install();
});
afterAll(() => installation.remove());

describe('anypiano etude', () => {
  it('writes a minute in which every key is heard', async () => {
    expect(await run(installation, ['etude', '-o', 'etude.mid'])).toEqual({ code: 0, stdout: 'etude.mid: 60 s\n', stderr: '' });
    const { stdout } = await run(installation, ['etude', '-o', 'etude.mid', '--json']);
    expect(JSON.parse(stdout)).toEqual({ output: 'etude.mid', seconds: expect.closeTo(60, 0) as number });
    const { events, seconds } = parseMidiFile(await readFile(join(installation.work, 'etude.mid')), 'etude.mid');
    const struck = events.flatMap((event) => (event.type === 'noteOn' ? [event.note] : []));
    expect(struck.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 88 }, (_, key) => 21 + key));
    expect(seconds).toBeLessThan(60);
  });

  it('is known by its notes, where it is what extract hears', async () => {
    await writeFile(join(installation.work, 'etude.wav'), wavFile([playEtude('salamander-c5', 12, 10)], PIECE_RATE, '16'));
    const { code, stdout } = await run(installation, ['extract', 'etude.wav', '-o', 'of-etude.json', '--steps', '0', '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { etude: true }]);
  });

  it('takes no other file', async () => {
    expect(await run(installation, ['etude', 'song.mid', '-o', 'etude.mid'])).toMatchObject({ code: 2, stderr: "anypiano etude: 'song.mid' is not an option\n" });
    expect(await run(installation, ['etude'])).toMatchObject({ code: 2 });
  });
});
