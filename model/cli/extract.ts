import { basename, dirname, extname, join } from 'node:path';
import { wholeSound } from '../audio/whole-sound.ts';
import { extractStyle, hearPiano, notAPiano, type Extraction } from '../extract/extract.ts';
import { playedIn, type Played } from '../extract/recognise-etude.ts';
import { InputError } from '../input-error.ts';
import { parseMidiFile } from '../performance.ts';
import { LONGEST_TITLE, assertDescription, serialiseStyle, styleId } from '../style.ts';
import { startBackend } from '../train/backend.ts';
import { NoNotesError } from '../transcribe/transcribe.ts';
import { parseWeights } from '../weights.ts';
import type { Command } from './command.ts';
import { MODEL_MIB, readInputFile } from './input-file.ts';
import { numberOption, onlyFile, parseOptions, required } from './options.ts';
import { checkOutputFile, writeOutputFile } from './output-file.ts';
import { packageFile } from './package-files.ts';
import { Progress } from './progress.ts';
import { TRANSCRIBER_HELP, TRANSCRIBER_OPTIONS, chosenTranscriber, hearRecording } from './recording-file.ts';
import { SoundFile } from './sound-file.ts';

const COMMAND = 'anypiano extract';
const MIDI_MIB = 16;
const SHORTEST_SECONDS = 1;
const LONGEST_SECONDS = 3600;
/** Share of the time that transcription takes. */
const LISTENING = 0.15;

const help = `anypiano extract recording.wav -o my-piano.json

Makes a style of a recording of a piano (WAV, FLAC, Ogg Vorbis or MP3), to be
played with \`anypiano render --style my-piano.json\` or on the page.

  -o, --output FILE   the style file
  --midi FILE         what was played, to the recording's time (default: it is transcribed; the étude is recognised)
  --seconds N         uses the first N seconds of the recording only (default 600)
  --steps N           most steps of refinement on the recording, about a third of a second each; 0 for none (default 200)
  --force             also makes a style of what does not sound like a piano
  --name TEXT         what people call the piano (default: the recording's file name)
  --kind TEXT         what stands in the room, for instance grand or upright (default piano)
  --licence TEXT      licence of the recording (default unknown)
  --credit TEXT       whom to name (default unknown)
  --model FILE        weights, with their encoder.safetensors beside them, instead of those that come along
${TRANSCRIBER_HELP}
  --json              one JSON object on the last line
  --help              this text`;

const command: Command = {
  help,
  async run(args, { print, signal }) {
    const { values, positionals } = parseOptions(COMMAND, args, {
      output: { type: 'string', short: 'o' },
      midi: { type: 'string' },
      seconds: { type: 'string', default: '600' },
      force: { type: 'boolean' },
      steps: { type: 'string', default: '200' },
      name: { type: 'string' },
      kind: { type: 'string', default: 'piano' },
      licence: { type: 'string', default: 'unknown' },
      credit: { type: 'string', default: 'unknown' },
      model: { type: 'string', default: packageFile('pretrained/model.safetensors') },
      ...TRANSCRIBER_OPTIONS,
      json: { type: 'boolean' },
    });
    const recordingPath = onlyFile(COMMAND, positionals, 'the recording');
    const outputPath = required(COMMAND, '-o', values.output);
    await checkOutputFile(outputPath, recordingPath, ...(values.midi === undefined ? [] : [values.midi]), values.model);
    const checkpoint = chosenTranscriber(values);
    const steps = numberOption('--steps', values.steps, { least: 0, most: 10000, whole: true });
    const most = numberOption('--seconds', values.seconds, { least: SHORTEST_SECONDS, most: LONGEST_SECONDS });
    const given = values.midi === undefined ? undefined : parseMidiFile(await readInputFile(values.midi, MIDI_MIB), values.midi);
    const weights = parseWeights(await readInputFile(values.model, MODEL_MIB), values.model);
    const { spec } = weights;
    const encoderPath = join(dirname(values.model), 'encoder.safetensors');
    const encoder = { bytes: await readInputFile(encoderPath, MODEL_MIB), source: encoderPath };

    const recording = await SoundFile.open(recordingPath, SHORTEST_SECONDS, signal, most);
    const { seconds } = recording;
    const name = values.name ?? basename(recordingPath, extname(recordingPath)).slice(0, LONGEST_TITLE);
    const { kind, licence, credit } = values;
    const describe = assertDescription({ id: styleId(basename(outputPath, extname(outputPath))), name, kind, source: basename(recordingPath), licence, credit }, COMMAND);
    const progress = new Progress(recordingPath);
    let etude = false;
    const listen = async (): Promise<Played> =>
      given
        ? { performance: given, heard: false }
        : playedIn(await hearRecording(recording, checkpoint, { signal, onProgress: (done) => progress.update(LISTENING * done) }));
    let likelihood = 0;
    const extract = async (): Promise<Extraction> => {
      await startBackend('wasm');
      const played = await listen().catch((error: unknown) => {
        if (error instanceof NoNotesError) return undefined;
        throw error;
      });
      const performance = played?.performance;
      etude = !given && played?.heard === false;
      const sound = await wholeSound(recording, spec.sampleRate);
      const piano = hearPiano(sound, performance);
      likelihood = piano.likelihood;
      const problem = notAPiano(piano, performance);
      if (!values.force && problem !== undefined) throw new InputError(recordingPath, `${problem}; --force makes a style of it all the same`);
      const refine = played && steps > 0 ? { refine: { steps, heard: played.heard, signal } } : {};
      const listened = given ? 0 : LISTENING;
      const onProgress = (share: number): void => progress.update(listened + (1 - listened) * share);
      return extractStyle(sound, { weights, encoder, describe, piano, ...(performance && { performance }), ...refine, onProgress });
    };
    const { style, refinement } = await extract().finally(() => progress.stop());
    if (values.midi !== undefined && steps > 0 && !refinement) throw new InputError(values.midi, `has too few strikes that can be heard in ${recordingPath}: is it what was played?`);
    await writeOutputFile(outputPath, async (write) => {
      signal.throwIfAborted();
      await write(new TextEncoder().encode(serialiseStyle(style)));
    });
    const loss = refinement && { before: refinement.before, after: refinement.after, steps: refinement.steps };
    if (values.json) {
      print(JSON.stringify({ output: outputPath, id: style.id, name, model: style.model, seconds, likelihood, etude, loss }));
      return;
    }
    print(`${outputPath}: ${name}, from ${seconds.toFixed(1)} s of sound, a piano with a likelihood of ${Math.round(100 * likelihood)} %`);
    if (etude) print('it is the étude, so it is known what was played');
    if (loss) print(`distance on strikes that were kept back: ${loss.before.toFixed(3)} as the encoder hears it, ${loss.after.toFixed(3)} after ${loss.steps} steps`);
    else if (steps > 0) print('too few notes were heard to refine it on the recording');
  },
};

export default command;
