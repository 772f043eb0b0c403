import { resolve } from 'node:path';
import type { WavBits } from '../audio/wav-writer.ts';
import { InputError } from '../input-error.ts';
import { writeMidiFile } from '../midi-file-writer.ts';
import { assertStyleFits } from '../style.ts';
import { parseWeights } from '../weights.ts';
import { StagedEngine } from '../../worklet/engine/staged-engine.ts';
import type { Command } from './command.ts';
import { MODEL_MIB, readInputFile } from './input-file.ts';
import { choiceOption, numberOption, onlyFile, parseOptions, required } from './options.ts';
import { checkOutputFile, writeOutputFile } from './output-file.ts';
import { chosenStyle, kernelModule, packageFile } from './package-files.ts';
import { Progress } from './progress.ts';
import { PEDAL_HELP, PEDAL_OPTION, TRANSCRIBER_HELP, TRANSCRIBER_OPTIONS, chosenTranscriber, countHeard, hearRecording } from './recording-file.ts';
import { SoundFile } from './sound-file.ts';
import { transferSound } from './transfer-sound.ts';
import { writeWavFile } from './wav-file.ts';

const COMMAND = 'anypiano transfer';
const SHORTEST_SECONDS = 0.1;
const BEATS_PER_MINUTE = 120;
/** Share of the time that listening takes. */
const HEARD = 0.6;

const help = `anypiano transfer recording.wav --style NAME|FILE -o other-piano.wav

Plays what is heard in a recording of a piano (WAV, FLAC, Ogg Vorbis or MP3) on another piano: as long, as loud, at the
same rate (between 22050 and 96000 Hz).

  --style NAME|FILE   a piano that \`anypiano styles\` lists, or a style file (.json)
  -o, --output FILE   the WAV file
  --midi-out FILE     also writes the notes that were heard
  --width SHARE       how far the keyboard reaches from left to right, 0 to 1 (default 0.7); 0 without a room is mono
  --room LEVEL        level of a small room around the piano, 0 to 1 (default 0)
  --resonance LEVEL   how much strings answer others: 0, 0.5 as in a grand, 1 twice as much (default 0.5)
  --bits 16|24|32     bits a sample, 32 is floating point (default 24)
  --model FILE        weights to play with, instead of those that come along
${PEDAL_HELP}
${TRANSCRIBER_HELP}
  --json              one JSON object on the last line
  --help              this text`;

const command: Command = {
  help,
  async run(args, { print, signal }) {
    const { values, positionals } = parseOptions(COMMAND, args, {
      style: { type: 'string' },
      output: { type: 'string', short: 'o' },
      'midi-out': { type: 'string' },
      width: { type: 'string', default: '0.7' },
      room: { type: 'string', default: '0' },
      resonance: { type: 'string', default: '0.5' },
      bits: { type: 'string', default: '24' },
      model: { type: 'string', default: packageFile('pretrained/model.safetensors') },
      ...PEDAL_OPTION,
      ...TRANSCRIBER_OPTIONS,
      json: { type: 'boolean' },
    });
    const path = onlyFile(COMMAND, positionals, 'the recording');
    const styleChoice = required(COMMAND, '--style', values.style);
    const output = required(COMMAND, '-o', values.output);
    const midi = values['midi-out'];
    for (const file of [output, ...(midi === undefined ? [] : [midi])]) await checkOutputFile(file, path, values.model);
    if (midi !== undefined && resolve(midi) === resolve(output)) throw new InputError('--midi-out', 'is the WAV file');
    const checkpoint = chosenTranscriber(values);
    const width = numberOption('--width', values.width, { least: 0, most: 1 });
    const room = numberOption('--room', values.room, { least: 0, most: 1 });
    const resonance = numberOption('--resonance', values.resonance, { least: 0, most: 1 });
    const bits = Number(choiceOption('--bits', values.bits, ['16', '24', '32'])) as WavBits;
    const weights = parseWeights(await readInputFile(values.model, MODEL_MIB), values.model);
    const style = await chosenStyle(styleChoice);
    assertStyleFits(style, weights.spec, styleChoice);
    const module = await kernelModule();
    const recording = await SoundFile.open(path, SHORTEST_SECONDS, signal);

    const progress = new Progress(path);
    try {
      const performance = await hearRecording(recording, checkpoint, { pedal: !values['no-pedal'], signal, onProgress: (done) => progress.update(HEARD * done) });
      const piano = (sampleRate: number): StagedEngine => new StagedEngine({ module, weights, style, sampleRate, width, room, resonance });
      const onProgress = (done: number): void => progress.update(HEARD + (1 - HEARD) * done);
      const { nextBlock, ...sound } = await transferSound({ sound: recording, performance, piano, signal, onProgress });
      const writeSound = (): Promise<void> => writeWavFile({ path: output, bits, ...sound }, nextBlock, path, signal);
      if (midi === undefined) await writeSound();
      else {
        // Both or none.
        await writeOutputFile(midi, async (write) => {
          await write(writeMidiFile(performance, BEATS_PER_MINUTE));
          await writeSound();
        });
      }

      const { seconds } = recording;
      const { rate, frames } = sound;
      const { notes, pedals } = countHeard(performance);
      progress.stop();
      if (values.json) print(JSON.stringify({ output, style: style.id, model: weights.spec.id, notes, pedals, seconds, sampleRate: rate, frames, midi }));
      else print(`${output}: ${notes} notes in ${seconds.toFixed(1)} s, on ${style.name}`);
    } finally {
      progress.stop();
    }
  },
};

export default command;
