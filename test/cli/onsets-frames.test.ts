import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseMidiFile } from '../../model/performance.ts';
import { sine, wavFile } from '../model/audio/fixtures.ts';
import { install, run, type Installation, type Outcome } from './installation.ts';

let installation: Installation;
beforeAll(async () => {
  installation = await install();
  await mkdir(at('checkpoint'));
  const { manifest, bytes } = checkpoint();
  await writeFile(at('checkpoint/weights_manifest.json'), JSON.stringify(manifest));
  await writeFile(at('checkpoint/group1-shard1of1'), bytes);
  await writeFile(at('sound.wav'), wavFile([sine(440, 16000, 32000)], 16000, '16'));
});
afterAll(() => installation.remove());

const at = (name: string): string => join(installation.work, name);

/** The key that this checkpoint hears all the time, from A0 on, and its velocity in the network's range. */
const KEY = 40;
const VELOCITY = 0.5;

/** A checkpoint of the authors' format that hears one key, whatever it is given: its weights are zero but for the last biases. */
function checkpoint(): { manifest: object; bytes: Uint8Array } {
  const weights: object[] = [];
  const parts: Uint8Array[] = [];
  const zeros = (name: string, shape: number[]): void => {
    weights.push({ name, shape, dtype: 'float32', quantization: { dtype: 'uint8', min: 0, scale: 1 } });
    parts.push(new Uint8Array(shape.reduce((product, length) => product * length, 1)));
  };
  const biases = (name: string, own: number, others: number): void => {
    weights.push({ name, shape: [88], dtype: 'float32' });
    parts.push(new Uint8Array(Float32Array.from({ length: 88 }, (_, key) => (key === KEY ? own : others)).buffer));
  };
  for (const scope of ['onsets', 'frame', 'velocity']) {
    [[1, 48], [48, 48], [48, 96]].forEach(([inputs, outputs], i) => {
      zeros(`${scope}/conv${i}/weights`, [3, 3, inputs!, outputs!]);
      for (const name of ['beta', 'moving_mean', 'moving_variance']) zeros(`${scope}/conv${i}/BatchNorm/${name}`, [outputs!]);
    });
    zeros(`${scope}/fc_end/weights`, [57 * 96, 768]);
    zeros(`${scope}/fc_end/biases`, [768]);
  }
  const cell = 'cudnn_lstm/rnn/multi_rnn_cell/cell_0/cudnn_compatible_lstm_cell';
  for (const [scope, inputs] of [['onsets', 768], ['frame', 176]] as const) {
    zeros(`${scope}/${cell}/kernel`, [inputs + 384, 4 * 384]);
    zeros(`${scope}/${cell}/bias`, [4 * 384]);
  }
  zeros('onsets/onset_probs/weights', [384, 88]);
  biases('onsets/onset_probs/biases', 10, -10);
  zeros('frame/activation_probs/weights', [768, 88]);
  biases('frame/activation_probs/biases', 0, 0);
  zeros('frame/frame_probs/weights', [384, 88]);
  biases('frame/frame_probs/biases', 10, -10);
  zeros('velocity/onset_velocities/weights', [768, 88]);
  biases('velocity/onset_velocities/biases', VELOCITY, 0);
  return { manifest: [{ paths: ['group1-shard1of1'], weights }], bytes: Buffer.concat(parts) };
}

/** The checkpoint's folder on the web, as the authors' storage has theirs. */
async function serve(): Promise<{ address: string; asked: string[]; close: () => void }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    readFile(join(installation.work, request.url!)).then((bytes) => response.end(bytes), () => response.writeHead(404).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close: () => void server.close() };
}

describe('Onsets and Frames', () => {
  it('listens with the checkpoint at an address', async () => {
    const { address, asked, close } = await serve();
    const listen = (folder: string): Promise<Outcome> => run(installation, ['transcribe', 'sound.wav', '-o', 'web.mid', '--json', '--transcriber', 'onsets-frames', '--checkpoint', `${address}/${folder}`]);
    const { code, stdout } = await listen('checkpoint/');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { notes: 1 }]);
    expect(asked).toEqual(['/checkpoint/weights_manifest.json', '/checkpoint/group1-shard1of1']);
    const missing = await listen('elsewhere');
    close();
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringMatching(/elsewhere: is no checkpoint of Onsets and Frames .*\n$/)]);
  });

  it('listens with the checkpoint of a folder', async () => {
    const { code, stderr } = await run(installation, ['transcribe', 'sound.wav', '-o', 'sound.mid', '--transcriber', 'onsets-frames', '--checkpoint', 'checkpoint']);
    expect([code, stderr]).toEqual([0, '']);
    const { events, seconds } = parseMidiFile(await readFile(at('sound.mid')), 'sound.mid');
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({ type: 'noteOn', note: 21 + KEY, seconds: 0 });
    expect((events[0] as { velocity: number }).velocity).toBeCloseTo(VELOCITY, 1);
    expect(seconds).toBeCloseTo(2, 1);
  });

  it.each([
    [['--transcriber', 'onsets-frames'], '--transcriber onsets-frames: --checkpoint is missing'],
    [['--transcriber', 'ears'], "--transcriber: 'ears' is none of basic-pitch, onsets-frames"],
    [['--checkpoint', 'checkpoint'], '--checkpoint: belongs to --transcriber onsets-frames'],
    [['--transcriber', 'onsets-frames', '--checkpoint', 'nowhere'], 'nowhere: is no checkpoint of Onsets and Frames'],
  ])('says what is wrong with %j', async (options, message) => {
    const { code, stderr } = await run(installation, ['transcribe', 'sound.wav', '-o', 'wrong.mid', ...options]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
