import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeAudio } from '../../model/audio/decode.ts';
import type { Recording } from '../../model/audio/recording.ts';
import { parseMidiFile } from '../../model/performance.ts';
import { parseStyle } from '../../model/style.ts';
import { wavFile, sine } from '../model/audio/fixtures.ts';
import { midiFile, plainStyle } from '../model/files.ts';
import { install, run, type Installation } from './installation.ts';

let installation: Installation;
beforeAll(async () => {
  installation = await install();
});
afterAll(() => installation.remove());

/** Four keys, one after the other. */
beforeAll(async () => {
  const scale = [60, 64, 67, 72].map((note, i) => [i === 0 ? 0 : 0x60, 0x90, note, 100]);
  const events = scale.flatMap(([wait, status, note, velocity]) => [wait!, status!, note!, velocity!, 0x60, 0x80, note!, 0]);
  await writeFile(at('scale.mid'), midiFile(0, 96, [events]));
  await run(installation, ['render', 'scale.mid', '--style', 'test-piano', '-o', 'scale.wav', '--rate', '32000', '--tail', '1']);
});

const at = (name: string): string => join(installation.work, name);
/** One beat of A4. */
const song = midiFile(0, 96, [[0, 0x90, 69, 100, 96, 69, 0]]);

beforeEach(async () => {
  await writeFile(at('song.mid'), song);
  await writeFile(at('sine.wav'), wavFile([sine(440, 44100, 2 * 44100)], 44100, '16'));
  await writeFile(at('foreign.json'), JSON.stringify(plainStyle({ model: 'other-1' })));
});

describe('anypiano', () => {
  it.each([['--help'], ['render', '--help'], ['extract', '--help'], ['etude', '--help'], ['transcribe', '--help'], ['transfer', '--help'], ['batch', '--help'], ['worker', '--help'], ['train', '--help'], ['modes', '--help'], ['styles', '--help']])('explains itself: %s %s', async (...args) => {
    const { code, stdout, stderr } = await run(installation, args.filter((arg) => arg !== undefined));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('anypiano');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(130);
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect((await run(installation, ['--version'])).stdout).toBe(`${version}\n`);
  });
});

describe('anypiano styles', () => {
  it('lists the styles for people and for machines', async () => {
    const plain = await run(installation, ['styles']);
    expect(plain.stdout).toContain('test-piano  Test Piano (grand)');
    const { code, stdout } = await run(installation, ['styles', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([{ id: 'test-piano', name: 'Test Piano', kind: 'grand', credit: 'Nobody', licence: 'CC0-1.0' }]);
  });
});

describe('anypiano render', () => {
  it('plays a MIDI file into a WAV file and reports as JSON on the last line', async () => {
    const args = ['render', 'song.mid', '--style', 'test-piano', '-o', 'song.wav', '--tail', '0.5', '--json'];
    const { code, stdout, stderr } = await run(installation, args);
    expect([code, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout.trimEnd().split('\n').pop() ?? '') as Record<string, unknown>;
    expect(report).toMatchObject({ output: 'song.wav', style: 'test-piano', notes: 1, sampleRate: 48000, frames: 48000, seconds: 1 });
    const { sampleRate, channels } = await decodeAudio(await readFile(at('song.wav')), 'song.wav');
    expect([sampleRate, channels.length, channels[0]!.length]).toEqual([48000, 2, 48000]);
    for (const channel of channels) expectA4(channel, 48000);
    expect(channels[0]).not.toEqual(channels[1]);
  });

  it('is the middle of the two sides where it is asked for one channel', async () => {
    const render = async (file: string, ...more: string[]): Promise<readonly Float32Array[]> => {
      const { code } = await run(installation, ['render', 'song.mid', '--style', 'test-piano', '-o', file, '--bits', '32', '--tail', '0.2', ...more]);
      expect(code).toBe(0);
      return (await decodeAudio(await readFile(at(file)), file)).channels;
    };
    const [left, right] = await render('two.wav', '--width', '1');
    const mono = await render('one.wav', '--width', '0');
    expect(mono).toHaveLength(1);
    const off = mono[0]!.reduce((most, sample, n) => Math.max(most, Math.abs(sample - (left![n]! + right![n]!) / 2)), 0);
    expect(off).toBeLessThan(1e-6);
  });

  it('plays at another rate and depth, in tune', async () => {
    const { code } = await run(installation, ['render', 'song.mid', '--style=test-piano', '-o', 'slow.wav', '--rate', '22050', '--bits', '32', '--tail', '0']);
    expect(code).toBe(0);
    const { sampleRate, channels } = await decodeAudio(await readFile(at('slow.wav')), 'slow.wav');
    expect([sampleRate, channels[0]!.length]).toEqual([22050, 11025]);
    expectA4(channels[0]!, 22050);
  });

  it('plays at the concert pitch that is asked for', async () => {
    const { code } = await run(installation, ['render', 'song.mid', '--style', 'test-piano', '-o', 'low.wav', '--tail', '0', '--concert-pitch', '415.3', '--brightness=-1', '--hammer=0.5', '--in-tune', '1']);
    expect(code).toBe(0);
    const [left] = (await decodeAudio(await readFile(at('low.wav')), 'low.wav')).channels;
    const middle = left!.subarray(4800, 19200);
    expect(level(middle, 415.3, 48000)).toBeGreaterThan(level(middle, 440, 48000) + 25);
  });
});

describe('anypiano extract', () => {
  it('makes a style of a recording', async () => {
    const { code, stdout, stderr } = await run(installation, ['extract', 'scale.wav', '-o', 'My Piano.json', '--credit', 'Me', '--steps', '2', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ output: 'My Piano.json', id: 'my-piano', seconds: 4.5, etude: false, loss: { steps: 2 } });
    const style = parseStyle(await readFile(at('My Piano.json'), 'utf8'), 'My Piano.json');
    expect(style).toMatchObject({ id: 'my-piano', name: 'scale', source: 'scale.wav', credit: 'Me', licence: 'unknown' });
  });

  it('says at once what no style may say of its piano', async () => {
    const { code, stderr } = await run(installation, ['extract', 'scale.wav', '-o', 'unnamed.json', '--name', '']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^anypiano extract: name: .*\n$/)]);
    const long = `${'a'.repeat(230)}.wav`;
    await writeFile(at(long), await readFile(at('scale.wav')));
    expect((await run(installation, ['extract', long, '-o', 'long.json', '--steps', '0', '--seconds', '1.5'])).code).toBe(0);
    expect(parseStyle(await readFile(at('long.json'), 'utf8'), 'long.json').name).toBe('a'.repeat(200));
  });

  it('learns from the start of a recording only, where it is told to', async () => {
    const { code, stdout } = await run(installation, ['extract', 'scale.wav', '-o', 'start.json', '--seconds', '1.5', '--steps', '0', '--json']);
    expect([code, (JSON.parse(stdout) as { seconds: number }).seconds]).toEqual([0, 1.5]);
  });

  it('says where there is no piano, and goes on where it must', async () => {
    let seed = 1;
    const noise = Float32Array.from({ length: 4 * 44100 }, () => ((seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5));
    await writeFile(at('noise.wav'), wavFile([noise], 44100, '16'));
    const { code, stderr } = await run(installation, ['extract', 'noise.wav', '-o', 'noise.json']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^noise.wav: does not sound like a piano \(\d+ % likely(: no notes can be heard)?\); --force .*\n$/)]);
    expect(await readdir(installation.work)).not.toContain('noise.json');
    expect((await run(installation, ['extract', 'noise.wav', '-o', 'noise.json', '--force', '--steps', '0'])).code).toBe(0);
  });

  it('makes a style even of silence, where it must', async () => {
    await writeFile(at('none.wav'), wavFile([new Float32Array(50000)], 44100, '16'));
    const refused = await run(installation, ['extract', 'none.wav', '-o', 'none.json']);
    expect([refused.code, refused.stderr]).toEqual([2, 'none.wav: does not sound like a piano (0 % likely: no notes can be heard); --force makes a style of it all the same\n']);
    const { code, stdout } = await run(installation, ['extract', 'none.wav', '-o', 'none.json', '--force', '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { likelihood: 0 }]);
    parseStyle(await readFile(at('none.json'), 'utf8'), 'none.json');
  });

  it('says what is wrong with a checkpoint also where it is to go on', async () => {
    const { code, stderr } = await run(installation, ['extract', 'scale.wav', '-o', 'wrong.json', '--force', '--transcriber', 'onsets-frames', '--checkpoint', 'nowhere']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^nowhere: is no checkpoint of Onsets and Frames .*\n$/)]);
  });

  it('refuses a performance that is not what the recording holds', async () => {
    await writeFile(at('silent-key.mid'), midiFile(0, 1, [[0x40, 0x90, 69, 100, 0x10, 69, 0]]));
    const { code, stderr } = await run(installation, ['extract', 'scale.wav', '--midi', 'silent-key.mid', '-o', 'wrong.json', '--force']);
    expect([code, stderr]).toEqual([2, 'silent-key.mid: has too few strikes that can be heard in scale.wav: is it what was played?\n']);
    expect(await readdir(installation.work)).not.toContain('wrong.json');
  });
});

describe('anypiano transfer', () => {

  it('plays what it hears, as long and as loud', async () => {
    const { code, stdout, stderr } = await run(installation, ['transfer', 'scale.wav', '--style', 'test-piano', '-o', 'other.wav', '--midi-out', 'heard.mid', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ output: 'other.wav', style: 'test-piano', sampleRate: 32000, midi: 'heard.mid' });
    const [before, after] = await Promise.all(['scale.wav', 'other.wav'].map(async (file) => decodeAudio(await readFile(at(file)), file)));
    expect([after!.sampleRate, after!.channels.map(({ length }) => length)]).toEqual([32000, before!.channels.map(({ length }) => length)]);
    const level = ({ channels }: Recording): number => 10 * Math.log10(channels.reduce((sum, channel) => sum + channel.reduce((energy, sample) => energy + sample ** 2, 0), 0));
    expect(Math.abs(level(after!) - level(before!))).toBeLessThan(3);
    const heard = parseMidiFile(await readFile(at('heard.mid')), 'heard.mid').events.flatMap((event) => (event.type === 'noteOn' ? [event.note] : []));
    expect(heard).toEqual(expect.arrayContaining([60, 64, 67, 72]));
  });

  it('writes both files or none', async () => {
    const transfer = ['transfer', 'scale.wav', '--style', 'test-piano', '-o', 'half.wav', '--midi-out'];
    const { code, stderr } = await run(installation, [...transfer, 'nowhere/half.mid']);
    expect([code, stderr]).toEqual([2, 'nowhere/half.mid: cannot be written: its folder does not exist\n']);
    expect((await readdir(installation.work)).filter((name) => name.includes('half'))).toEqual([]);
  });

  it('hears a pedal only where it is allowed to', async () => {
    // A broken chord that rings on: no hand holds four octaves.
    const chord = [36, 43, 52, 60, 67].flatMap((note, i) => [i === 0 ? 0 : 0x30, 0x90, note, 100]);
    const events = [0, 0xb0, 64, 127, ...chord, 0x81, 0x40, 0xb0, 64, 0, ...[36, 43, 52, 60, 67].flatMap((note) => [0, 0x80, note, 0])];
    await writeFile(at('ringing.mid'), midiFile(0, 96, [events]));
    await run(installation, ['render', 'ringing.mid', '--style', 'test-piano', '-o', 'ringing.wav']);
    const pedals = async (...options: string[]): Promise<number> => {
      const { code } = await run(installation, ['transcribe', 'ringing.wav', '-o', 'ringing-heard.mid', ...options]);
      expect(code).toBe(0);
      return parseMidiFile(await readFile(at('ringing-heard.mid')), 'ringing-heard.mid').events.filter(({ type }) => type === 'control').length;
    };
    expect(await pedals()).toBeGreaterThanOrEqual(2);
    expect(await pedals('--no-pedal')).toBe(0);
  });

  it('writes down what it hears', async () => {
    const { code, stdout } = await run(installation, ['transcribe', 'scale.wav', '-o', 'scale-heard.mid']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^scale-heard.mid: \d+ notes in 4.5 s\n$/)]);
  });

  it.each(['transcribe', 'transfer'])('%s says where there is nothing to hear', async (command) => {
    await writeFile(at('hush.wav'), wavFile([new Float32Array(50000)], 44100, '16'));
    const style = command === 'transfer' ? ['--style', 'test-piano'] : [];
    const { code, stderr } = await run(installation, [command, 'hush.wav', ...style, '-o', 'hush.out']);
    expect([code, stderr]).toEqual([2, 'hush.wav: has no notes that could be heard\n']);
    expect(await readdir(installation.work)).not.toContain('hush.out');
  });
});

describe('anypiano batch', () => {
  const batch = ['batch', 'transcribe', 'scale.wav', 'hush.wav', 'copy.wav', '-o', 'many', '--jobs', '2', '--json'];
  interface Report {
    readonly made: number;
    readonly kept: number;
    readonly failed: number;
    readonly files: readonly { readonly input: string; readonly state: string; readonly message?: string; readonly result?: { readonly notes: number } }[];
  }

  it('does what it can, lists what failed, and goes on where it was stopped', async () => {
    await writeFile(at('hush.wav'), wavFile([new Float32Array(50000)], 44100, '16'));
    await writeFile(at('copy.wav'), await readFile(at('scale.wav')));
    const first = await run(installation, batch);
    expect([first.code, first.stderr]).toEqual([2, 'many/report.json: 1 of 3 failed; the first: hush.wav: has no notes that could be heard\n']);
    const report = JSON.parse(await readFile(at('many/report.json'), 'utf8')) as Report;
    expect(JSON.parse(first.stdout)).toEqual(report);
    expect([report.made, report.kept, report.failed]).toEqual([2, 0, 1]);
    expect(report.files.map(({ input, state }) => [input, state])).toEqual([['scale.wav', 'made'], ['hush.wav', 'failed'], ['copy.wav', 'made']]);
    expect(report.files[0]!.result!.notes).toBeGreaterThanOrEqual(4);
    expect((await readdir(at('many'))).sort()).toEqual(['copy.mid', 'report.json', 'scale.mid']);
    const events = async (file: string): Promise<unknown> => parseMidiFile(await readFile(at(file)), file).events;
    expect(await events('many/copy.mid')).toEqual(await events('many/scale.mid'));

    await writeFile(at('hush.wav'), await readFile(at('scale.wav')));
    const again = await run(installation, batch);
    expect(again.code).toBe(0);
    const { made, kept, failed } = JSON.parse(again.stdout) as Report;
    expect([made, kept, failed]).toEqual([1, 2, 0]);
  });

  it.each([
    [['batch'], 'anypiano batch: the command is missing'],
    [['batch', 'train', 'a.wav', '-o', 'b'], "anypiano batch: 'train' is none of transfer, transcribe, extract, render"],
    [['batch', 'transcribe', '-o', 'b'], 'anypiano batch: the files are missing'],
    [['batch', 'transcribe', 'a/x.wav', 'b/x.flac', '-o', 'b'], 'b/x.flac: would be written to b/x.mid, as a/x.wav'],
    [['batch', 'transcribe', 'scale.wav', '-o', 'scale.wav'], 'scale.wav: is no folder and cannot become one'],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, stderr } = await run(installation, args);
    expect([code, stderr]).toEqual([2, `${message}\n`]);
  });
});

describe('anypiano and bad input', () => {
  const render = ['render', 'song.mid', '--style', 'test-piano', '-o', 'out.wav'];
  beforeEach(async () => {
    await writeFile(at('cut.mid'), song.subarray(0, 20));
    await writeFile(at('cut.wav'), wavFile([sine(440, 44100, 100)], 44100, '16').subarray(0, 100));
    await writeFile(at('short.wav'), wavFile([sine(440, 44100, 100)], 44100, '16'));
    await writeFile(at('silent.wav'), wavFile([new Float32Array(50000)], 44100, '16'));
    await writeFile(at('text.txt'), 'nothing to hear');
    const weights = await readFile(join(installation.folder, 'pretrained/model.safetensors'));
    await writeFile(at('cut.safetensors'), weights.subarray(0, weights.length / 2));
  });

  it.each([
    [['play'], "anypiano: 'play' is not a command; anypiano --help lists them"],
    [['toString'], "anypiano: 'toString' is not a command; anypiano --help lists them"],
    [['render'], 'anypiano render: the MIDI file is missing'],
    [['render', 'song.mid', '-o', 'out.wav'], 'anypiano render: --style is missing'],
    [['render', 'song.mid', '--style', 'test-piano'], 'anypiano render: -o is missing'],
    [['render', 'song.mid', 'other.mid', '--style', 'test-piano', '-o', 'out.wav'], "'other.mid' is one file too many"],
    [[...render, '--loud'], "anypiano render: Unknown option '--loud'"],
    [[...render, '--rate'], "anypiano render: Option '--rate <value>' argument missing"],
    [[...render, '--concert-pitch', '400'], "--concert-pitch: '400' is not a number from 415 to 466"],
    [[...render, '--brightness=4'], "--brightness: '4' is not a number from -3 to 3"],
    [[...render, '--rate', 'fast'], "--rate: 'fast' is not a whole number from 22050 to 96000"],
    [[...render, '--rate', '8000'], "--rate: '8000' is not"],
    [[...render, '--bits', '20'], "--bits: '20' is none of 16, 24, 32"],
    [[...render, '--tail', '-1'], 'anypiano render: '],
    [['render', 'missing.mid', '--style', 'test-piano', '-o', 'out.wav'], 'missing.mid: does not exist'],
    [['render', 'cut.mid', '--style', 'test-piano', '-o', 'out.wav'], 'cut.mid: is truncated'],
    [['render', 'text.txt', '--style', 'test-piano', '-o', 'out.wav'], 'text.txt: is not a MIDI file'],
    [['render', '.', '--style', 'test-piano', '-o', 'out.wav'], '.: is not a file'],
    [['render', 'song.mid', '--style', 'nobody', '-o', 'out.wav'], "--style: 'nobody' is none of test-piano"],
    [['render', 'song.mid', '--style', 'missing.json', '-o', 'out.wav'], 'missing.json: does not exist'],
    [['render', 'song.mid', '--style', './text.txt', '-o', 'out.wav'], './text.txt: is not valid JSON'],
    [['render', 'song.mid', '--style', 'foreign.json', '-o', 'out.wav'], 'foreign.json: was made for the model other-1'],
    [[...render, '--model', 'text.txt'], 'text.txt: is not a safetensors file'],
    [[...render, '--model', 'cut.safetensors'], 'cut.safetensors: is truncated'],
    [['render', 'song.mid', '--style', 'test-piano', '-o', 'nowhere/out.wav'], 'nowhere/out.wav: cannot be written: its folder does not exist'],
    [['render', 'song.mid', '--style', 'test-piano', '-o', '.'], '.: is not a file'],
    [['extract', 'text.txt', '-o', 'out.json'], 'text.txt: is not a WAV, FLAC, Ogg Vorbis or MP3 file'],
    [['extract', 'cut.wav', '-o', 'out.json'], 'cut.wav: is truncated'],
    [['extract', 'short.wav', '-o', 'out.json'], 'short.wav: is shorter than 1 s'],
    [['extract', 'silent.wav', '-o', 'out.json'], 'silent.wav: does not sound like a piano (0 % likely'],
    [['modes'], 'anypiano modes: --weights is missing'],
    [['modes', '--weights', 'missing.safetensors'], 'anypiano modes: --cache is missing'],
    [['modes', '--weights', 'missing.safetensors', '--cache', 'missing.bin'], 'missing.safetensors: '],
    [['train', '--corpus', 'missing.json'], 'anypiano train: --out is missing'],
    [['train', '--out', 'out.safetensors'], 'anypiano train: --corpus is missing'],
    [['train', '--out', 'out.safetensors', '--corpus', 'missing.json'], 'missing.json: cannot be read'],
    [['train', '--out', 'out.safetensors', '--corpus', 'foreign.json'], 'foreign.json: '],
    [['train', '--out', 'out.safetensors', '--backend', 'tpu'], "--backend: 'tpu' is none of auto, webgpu, wasm, cpu"],
    [['train', '--out', 'out.safetensors', '--steps', '1.5'], "--steps: '1.5' is not a whole number"],
    [['styles', 'all'], "anypiano styles: 'all' is not an option"],
  ])('%j ends with 2 and one line', async (args, problem) => {
    const before = await readdir(installation.work);
    const { code, stdout, stderr } = await run(installation, args);
    expect(stderr).toContain(problem);
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect([code, stdout]).toEqual([2, '']);
    expect(await readdir(installation.work)).toEqual(before);
  });
});

/** Level in dB of a steady sound at one frequency in Hz, under a Hann window. */
function level(samples: Float32Array, frequency: number, sampleRate: number): number {
  let real = 0;
  let imaginary = 0;
  samples.forEach((value, i) => {
    const windowed = value * Math.sin((Math.PI * i) / samples.length) ** 2;
    real += windowed * Math.cos((2 * Math.PI * frequency * i) / sampleRate);
    imaginary += windowed * Math.sin((2 * Math.PI * frequency * i) / sampleRate);
  });
  return 10 * Math.log10((real ** 2 + imaginary ** 2) / samples.length ** 2);
}

/** The middle of A4: strong at 440 Hz, and a semitone away nothing. */
function expectA4(samples: Float32Array, sampleRate: number): void {
  const middle = samples.subarray(0.1 * sampleRate, 0.4 * sampleRate);
  const neighbours = [415.3, 466.2].map((frequency) => level(middle, frequency, sampleRate));
  expect(level(middle, 440, sampleRate)).toBeGreaterThan(Math.max(...neighbours) + 25);
}
