import { writeMidiFile } from '../midi-file-writer.ts';
import type { Command } from './command.ts';
import { onlyFile, parseOptions, required } from './options.ts';
import { checkOutputFile, writeOutputFile } from './output-file.ts';
import { Progress } from './progress.ts';
import { PEDAL_HELP, PEDAL_OPTION, TRANSCRIBER_HELP, TRANSCRIBER_OPTIONS, chosenTranscriber, countHeard, hearRecording } from './recording-file.ts';
import { SoundFile } from './sound-file.ts';

const COMMAND = 'anypiano transcribe';
const SHORTEST_SECONDS = 0.1;
/** Nobody said how fast the music goes. */
const BEATS_PER_MINUTE = 120;

const help = `anypiano transcribe recording.wav -o recording.mid

Writes down what a piano plays in a recording (WAV, FLAC, Ogg Vorbis or MP3) as a MIDI file. Notes and velocities are
heard by Basic Pitch and by the level of each strike; keys stay down as long as they sound.

  -o, --output FILE   the MIDI file
${PEDAL_HELP}
${TRANSCRIBER_HELP}
  --json              one JSON object on the last line
  --help              this text`;

const command: Command = {
  help,
  async run(args, { print, signal }) {
    const { values, positionals } = parseOptions(COMMAND, args, { output: { type: 'string', short: 'o' }, ...PEDAL_OPTION, ...TRANSCRIBER_OPTIONS, json: { type: 'boolean' } });
    const path = onlyFile(COMMAND, positionals, 'the recording');
    const output = required(COMMAND, '-o', values.output);
    await checkOutputFile(output, path);
    const checkpoint = chosenTranscriber(values);
    const recording = await SoundFile.open(path, SHORTEST_SECONDS, signal);
    const { seconds } = recording;
    const progress = new Progress(path);
    const listening = hearRecording(recording, checkpoint, { pedal: !values['no-pedal'], signal, onProgress: (done) => progress.update(done) });
    const performance = await listening.finally(() => progress.stop());
    await writeOutputFile(output, async (write) => {
      signal.throwIfAborted();
      await write(writeMidiFile(performance, BEATS_PER_MINUTE));
    });
    const { notes, pedals } = countHeard(performance);
    if (values.json) print(JSON.stringify({ output, notes, pedals, seconds }));
    else print(`${output}: ${notes} notes in ${seconds.toFixed(1)} s`);
  },
};

export default command;
