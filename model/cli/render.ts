import type { WavBits } from '../audio/wav-writer.ts';
import { parseMidiFile, type Performance } from '../performance.ts';
import { assertStyleFits } from '../style.ts';
import { HIGHEST_CONCERT_PITCH, LOWEST_CONCERT_PITCH } from '../temperament.ts';
import { MOST_BRIGHTNESS } from '../tone.ts';
import { parseWeights } from '../weights.ts';
import { Performer } from '../../worklet/engine/performer.ts';
import { StagedEngine } from '../../worklet/engine/staged-engine.ts';
import type { Command } from './command.ts';
import { MODEL_MIB, readInputFile } from './input-file.ts';
import { choiceOption, numberOption, onlyFile, parseOptions, required } from './options.ts';
import { checkOutputFile } from './output-file.ts';
import { chosenStyle, kernelModule, packageFile } from './package-files.ts';
import { Progress } from './progress.ts';
import { stereoBlock, writeWavFile } from './wav-file.ts';

const COMMAND = 'anypiano render';
const MIDI_MIB = 16;

const help = `anypiano render song.mid --style NAME|FILE -o song.wav

Plays a MIDI file on a piano and writes the sound to a WAV file.

  --style NAME|FILE   a piano that \`anypiano styles\` lists, or a style file (.json)
  -o, --output FILE   the WAV file
  --width SHARE       how far the keyboard reaches from left to right, 0 to 1 (default 0.7); 0 without a room is mono
  --room LEVEL        level of a small room around the piano, 0 to 1 (default 0)
  --brightness=DB     tilt of the sound in dB per octave, -3 dull to 3 bright (default 0)
  --hammer=HARDNESS   hammers from -1 soft to 1 hard (default 0, as recorded)
  --concert-pitch HZ  frequency of A4, 415 to 466, on a piano that was tuned to 440 (default 440)
  --in-tune SHARE     0 as the piano is tuned to 1 in equal temperament with its stretch (default 0)
  --resonance LEVEL   how much strings answer others: 0, 0.5 as in a grand, 1 twice as much (default 0.5)
  --temperature T     where the model draws its sound: 1 as learned, less is calmer (default 1)
  --rate HZ           sample rate, 22050 to 96000 (default 48000)
  --bits 16|24|32     bits a sample, 32 is floating point (default 24)
  --tail SECONDS      how long it rings on after the last event (default 5)
  --model FILE        weights to play with, instead of those that come along
  --json              one JSON object on the last line
  --help              this text`;

const command: Command = {
  help,
  async run(args, { print, signal }) {
    const { values, positionals } = parseOptions(COMMAND, args, {
      style: { type: 'string' },
      output: { type: 'string', short: 'o' },
      width: { type: 'string', default: '0.7' },
      room: { type: 'string', default: '0' },
      brightness: { type: 'string', default: '0' },
      hammer: { type: 'string', default: '0' },
      'concert-pitch': { type: 'string', default: '440' },
      'in-tune': { type: 'string', default: '0' },
      resonance: { type: 'string', default: '0.5' },
      temperature: { type: 'string', default: '1' },
      rate: { type: 'string', default: '48000' },
      bits: { type: 'string', default: '24' },
      tail: { type: 'string', default: '5' },
      model: { type: 'string', default: packageFile('pretrained/model.safetensors') },
      json: { type: 'boolean' },
    });
    const midiPath = onlyFile(COMMAND, positionals, 'the MIDI file');
    const styleChoice = required(COMMAND, '--style', values.style);
    const outputPath = required(COMMAND, '-o', values.output);
    const rate = numberOption('--rate', values.rate, { least: 22050, most: 96000, whole: true });
    const width = numberOption('--width', values.width, { least: 0, most: 1 });
    const room = numberOption('--room', values.room, { least: 0, most: 1 });
    const tone = {
      brightness: numberOption('--brightness', values.brightness, { least: -MOST_BRIGHTNESS, most: MOST_BRIGHTNESS }),
      hammer: numberOption('--hammer', values.hammer, { least: -1, most: 1 }),
      concertPitch: numberOption('--concert-pitch', values['concert-pitch'], { least: LOWEST_CONCERT_PITCH, most: HIGHEST_CONCERT_PITCH }),
      inTune: numberOption('--in-tune', values['in-tune'], { least: 0, most: 1 }),
    };
    const resonance = numberOption('--resonance', values.resonance, { least: 0, most: 1 });
    const temperature = numberOption('--temperature', values.temperature, { least: 0, most: 1 });
    const bits = Number(choiceOption('--bits', values.bits, ['16', '24', '32'])) as WavBits;
    const tail = numberOption('--tail', values.tail, { least: 0, most: 60 });

    await checkOutputFile(outputPath, midiPath, values.model);
    const performance = parseMidiFile(await readInputFile(midiPath, MIDI_MIB), midiPath);
    const weights = parseWeights(await readInputFile(values.model, MODEL_MIB), values.model);
    const style = await chosenStyle(styleChoice);
    assertStyleFits(style, weights.spec, styleChoice);
    const engine = new StagedEngine({ module: await kernelModule(), weights, style, sampleRate: rate, width, room, resonance, temperature, ...tone });

    const performer = new Performer(engine, performance, rate, Performer.frames(performance, rate, tail));
    const progress = new Progress(outputPath);
    const [left, right] = stereoBlock(rate);
    const nextBlock = (): readonly Float32Array[] => {
      const block = performer.render(left, right);
      progress.update(performer.played / performer.frames, `${performer.realTimeFactor.toFixed(1)} times real time`);
      return block.slice(0, engine.channels);
    };
    const wav = { path: outputPath, rate, bits, channels: engine.channels, frames: performer.frames };
    await writeWavFile(wav, nextBlock, midiPath, signal).finally(() => progress.stop());
    report(print, values.json === true, { output: outputPath, style: style.id, model: weights.spec.id, performance, performer, rate });
  },
};

interface Rendered {
  readonly output: string;
  readonly style: string;
  readonly model: string;
  readonly performance: Performance;
  readonly performer: Performer;
  readonly rate: number;
}

function report(print: (line: string) => void, json: boolean, { output, style, model, performance, performer, rate }: Rendered): void {
  const seconds = performer.frames / rate;
  const { realTimeFactor, peak } = performer;
  if (json) {
    const notes = performance.events.filter((event) => event.type === 'noteOn').length;
    print(JSON.stringify({ output, style, model, notes, seconds, sampleRate: rate, frames: performer.frames, peak, realTimeFactor }));
  } else {
    print(`${output}: ${seconds.toFixed(1)} s, rendered ${realTimeFactor.toFixed(1)} times faster than real time`);
  }
}

export default command;
