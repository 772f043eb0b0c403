import { basename, dirname, extname, join } from 'node:path';
import { decodeAudio } from '../audio/decode.ts';
import { toMono } from '../audio/recording.ts';
import { resample } from '../audio/resample.ts';
import { extractStyle } from '../extract/extract.ts';
import { InputError } from '../input-error.ts';
import { parseMidiFile } from '../performance.ts';
import { serialiseStyle } from '../style.ts';
import { parseWeights } from '../weights.ts';
import type { Command } from './command.ts';
import { readInputFile } from './input-file.ts';
import { numberOption, onlyFile, parseOptions, required } from './options.ts';
import { writeOutputFile } from './output-file.ts';
import { packageFile } from './package-files.ts';
import { Progress } from './progress.ts';

const COMMAND = 'anypiano extract';
const RECORDING_MIB = 1024;
const MIDI_MIB = 16;
const MODEL_MIB = 64;
const SHORTEST_SECONDS = 1;
/** Peak of a recording that holds nothing but the noise of a converter: -80 dB. */
const SILENCE = 1e-4;

const help = `anypiano extract recording.wav -o my-piano.json

Makes a style of a recording of a piano (WAV, FLAC, Ogg Vorbis or MP3), to be
played with \`anypiano render --style my-piano.json\` or on the page.

  -o, --output FILE   the style file
  --midi FILE         what was played, to the recording's time: then the style is refined on the recording itself
  --steps N           most steps of that, about two seconds each (default 60)
  --name TEXT         what people call the piano (default: the recording's file name)
  --kind TEXT         what stands in the room, for instance grand or upright (default piano)
  --licence TEXT      licence of the recording (default unknown)
  --credit TEXT       whom to name (default unknown)
  --model FILE        weights, with their encoder.safetensors beside them, instead of those that come along
  --json              one JSON object on the last line
  --help              this text`;

const command: Command = {
  help,
  async run(args, { print, signal }) {
    const { values, positionals } = parseOptions(COMMAND, args, {
      output: { type: 'string', short: 'o' },
      midi: { type: 'string' },
      steps: { type: 'string', default: '60' },
      name: { type: 'string' },
      kind: { type: 'string', default: 'piano' },
      licence: { type: 'string', default: 'unknown' },
      credit: { type: 'string', default: 'unknown' },
      model: { type: 'string', default: packageFile('pretrained/model.safetensors') },
      json: { type: 'boolean' },
    });
    const recordingPath = onlyFile(COMMAND, positionals, 'the recording');
    const outputPath = required(COMMAND, '-o', values.output);
    const steps = numberOption('--steps', values.steps, { least: 1, most: 10000, whole: true });
    const performance = values.midi === undefined ? undefined : parseMidiFile(await readInputFile(values.midi, MIDI_MIB), values.midi);
    const weights = parseWeights(await readInputFile(values.model, MODEL_MIB), values.model);
    const { spec } = weights;
    const encoderPath = join(dirname(values.model), 'encoder.safetensors');
    const encoder = { bytes: await readInputFile(encoderPath, MODEL_MIB), source: encoderPath };

    const recording = await readMono(recordingPath, spec.sampleRate);
    const name = values.name ?? basename(recordingPath, extname(recordingPath));
    const { kind, licence, credit } = values;
    const describe = { id: styleId(outputPath), name, kind, source: basename(recordingPath), licence, credit };
    const progress = new Progress(recordingPath);
    const refine = performance === undefined ? {} : { refine: { performance, steps, signal } };
    const { style, refinement } = await extractStyle(recording, {
      weights,
      encoder,
      describe,
      ...refine,
      onProgress: (share) => progress.update(share),
    }).finally(() => progress.stop());
    await writeOutputFile(outputPath, async (write) => {
      signal.throwIfAborted();
      await write(new TextEncoder().encode(serialiseStyle(style)));
    });
    const seconds = recording.length / spec.sampleRate;
    const loss = refinement && { before: refinement.before, after: refinement.after, steps: refinement.steps };
    if (values.json) {
      print(JSON.stringify({ output: outputPath, id: style.id, name, model: style.model, seconds, loss }));
      return;
    }
    print(`${outputPath}: ${name}, from ${seconds.toFixed(1)} s of sound`);
    if (loss) print(`loss on what was kept back: ${loss.before.toFixed(3)} as the encoder hears it, ${loss.after.toFixed(3)} after ${loss.steps} steps`);
  },
};

/** @throws InputError also for what is too short or too quiet to hear a piano in */
async function readMono(path: string, sampleRate: number): Promise<Float32Array> {
  const recording = await decodeAudio(await readInputFile(path, RECORDING_MIB), path);
  const mono = toMono(recording);
  if (mono.length < SHORTEST_SECONDS * recording.sampleRate) throw new InputError(path, `is shorter than ${SHORTEST_SECONDS} s`);
  if (!mono.some((sample) => Math.abs(sample) > SILENCE)) throw new InputError(path, 'is silent');
  return resample(mono, recording.sampleRate, sampleRate);
}

/** A file name as the id of a style: lower-case letters, digits and hyphens. */
function styleId(path: string): string {
  const letters = basename(path, extname(path)).normalize('NFKD').toLowerCase();
  return letters.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 64) || 'piano';
}

export default command;
