/**
 * What a transcriber hears: in a performance that a plain sampler plays with a bank's own recordings, in the same
 * that the model plays, and in what `anypiano transfer` makes of the first one.
 */
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { outputToNotesPoly } from '@spotify/basic-pitch/cjs/toMidi.js';
import { LOUDNESS_STEP, LoudnessMeter, loudnessLevels } from '../../model/audio/loudness.ts';
import { joinBlocks, type Recording } from '../../model/audio/recording.ts';
import { resample } from '../../model/audio/resample.ts';
import { soundOf } from '../../model/audio/sound.ts';
import { transferSound } from '../../model/cli/transfer-sound.ts';
import { CLIP_RATE } from '../../model/corpus/notes.ts';
import { parseMidiFile, type Performance } from '../../model/performance.ts';
import type { Style } from '../../model/style.ts';
import { startBackend } from '../../model/train/backend.ts';
import { BasicPitch, RATE } from '../../model/transcribe/basic-pitch.ts';
import { basicPitchFiles, loadBasicPitch } from '../../model/transcribe/package-model.ts';
import { transcribe } from '../../model/transcribe/transcribe.ts';
import type { Transcriber } from '../../model/transcribe/transcriber.ts';
import { PHRASE_SECONDS } from '../../model/transfer/phrase-gain.ts';
import { Performer } from '../../worklet/engine/performer.ts';
import { StagedEngine } from '../../worklet/engine/staged-engine.ts';
import { scoreNotes, type NoteScore } from './note-score.ts';
import type { Sampler } from './sampler.ts';
import type { Player } from './strike.ts';

const PERFORMANCES = 10;
const SECONDS = 40;
const TAIL = 1;
const PEAK = 0.7;
/** dB under the loudest phrase from which on nothing is played. */
const PAUSE = 30;

/** Scores of one performance. */
export interface Listening {
  readonly name: string;
  readonly sampler: NoteScore;
  /** What Basic Pitch hears of the sampler with its package's own settings. */
  readonly alone: NoteScore;
  readonly model: NoteScore;
  readonly transferred: NoteScore;
  /** Most dB by which a phrase of what was transferred is louder or softer than the recording's, and samples by which it is longer. */
  readonly loudness: number;
  readonly longer: number;
}

/** Starts of performances, taken evenly from all MIDI files below a folder. */
export async function readPerformances(folder: string, seconds: number = SECONDS): Promise<Performance[]> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.mid')).sort();
  const step = Math.max(1, files.length / PERFORMANCES);
  const chosen = Array.from({ length: Math.min(PERFORMANCES, files.length) }, (_, i) => files[Math.floor(i * step)]!);
  return Promise.all(
    chosen.map(async (file) => {
      const whole = parseMidiFile(await readFile(join(folder, file)), file);
      const events = whole.events.filter((event) => event.seconds < seconds);
      return { name: basename(file, '.mid'), seconds: Math.min(seconds, whole.seconds), events };
    }),
  );
}

/** `onStep` is called after each performance. */
export async function listenToAll(player: Player, style: Style, sampler: Sampler, performances: readonly Performance[], onStep: () => void): Promise<Listening[]> {
  await startBackend('wasm');
  const transcriber = await loadBasicPitch();
  const network = await BasicPitch.create(await basicPitchFiles());
  const results: Listening[] = [];
  for (const performance of performances) {
    const { name } = performance;
    const recording = levelled(sampler.play(performance, performance.seconds + TAIL));
    const heard = await transcribe(transcriber, soundOf(recording), name, { pedal: true });
    const own = await hear(transcriber, playOnModel(player, style, performance), name);
    const transferred = await transfer(player, style, recording, heard);
    results.push({
      name,
      sampler: scoreNotes(performance, heard),
      alone: scoreNotes(performance, await hearAlone(network, recording)),
      model: scoreNotes(performance, own),
      transferred: scoreNotes(performance, await hear(transcriber, transferred, name)),
      loudness: loudnessApart(recording.channels[0]!, transferred),
      longer: transferred.length - recording.channels[0]!.length,
    });
    onStep();
  }
  transcriber.dispose();
  network.dispose();
  return results;
}

/** What the transcriber makes of a sound at `CLIP_RATE`, brought to one level. */
export function hear(transcriber: Transcriber, sound: Float32Array, name: string): Promise<Performance> {
  return transcribe(transcriber, soundOf(levelled(sound)), name);
}

function levelled(sound: Float32Array): Recording {
  const peak = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return { sampleRate: CLIP_RATE, channels: [sound.map((sample) => (PEAK / peak) * sample)] };
}

/** The package's own way from likelihoods to notes; the amplitude counts as velocity. */
async function hearAlone(network: BasicPitch, { sampleRate, channels }: Recording): Promise<Performance> {
  const sound = resample(channels[0]!, sampleRate, RATE);
  const { frames, onsets } = await network.listen(sound, 0, 0, BasicPitch.windows(sound.length));
  const notes = outputToNotesPoly(frames, onsets);
  const events = notes.map(({ pitchMidi, startFrame, amplitude }) => ({ type: 'noteOn', note: pitchMidi, velocity: amplitude, seconds: BasicPitch.seconds(startFrame) }) as const);
  return { name: 'alone', seconds: sound.length / RATE, events };
}

/** What `anypiano transfer` writes, mono. */
async function transfer({ module, weights }: Player, style: Style, recording: Recording, performance: Performance): Promise<Float32Array> {
  const piano = (sampleRate: number): StagedEngine => new StagedEngine({ module, weights, style, sampleRate, width: 0, room: 0 });
  const { frames, nextBlock } = await transferSound({ sound: soundOf(recording), performance, piano, signal: new AbortController().signal });
  const blocks: Float32Array[] = [];
  for (let written = 0; written < frames; written += blocks.at(-1)!.length) blocks.push(nextBlock()[0]!.slice());
  return joinBlocks(blocks.map((block) => ({ sampleRate: CLIP_RATE, channels: [block] }))).channels[0]!;
}

/** Most dB between phrases of two sounds, pauses left out. */
function loudnessApart(recording: Float32Array, transferred: Float32Array): number {
  const [before, after] = [recording, transferred].map((sound) => {
    const meter = new LoudnessMeter(CLIP_RATE, 1);
    meter.add([sound]);
    return loudnessLevels(meter.powers, PHRASE_SECONDS);
  }) as [number[], number[]];
  const pause = Math.max(...before) - PAUSE;
  // One look for each phrase, in its middle.
  const step = Math.round(PHRASE_SECONDS / LOUDNESS_STEP);
  const apart = before.flatMap((level, i) => (i % step === step >> 1 && level > pause ? [Math.abs(level - after[i]!)] : []));
  return Math.max(0, ...apart);
}

/** A performance on the model, mono at `CLIP_RATE`. */
export function playOnModel({ module, weights }: Player, style: Style, performance: Performance): Float32Array {
  const engine = new StagedEngine({ module, weights, style, sampleRate: CLIP_RATE, width: 0, room: 0 });
  const performer = new Performer(engine, performance, CLIP_RATE, Performer.frames(performance, CLIP_RATE, TAIL));
  const left = new Float32Array(performer.frames);
  performer.render(left, new Float32Array(performer.frames));
  return left;
}

/** Lines for people. */
export function describeListening(all: readonly Listening[]): string[] {
  const mean = (value: (each: Listening) => number): number => all.reduce((sum, each) => sum + value(each), 0) / all.length;
  const line = (name: string, of: (value: (each: Listening) => number) => number): string => {
    const [alone, sampler, model, transferred] = [of((each) => each.alone.f1), of((each) => each.sampler.f1), of((each) => each.model.f1), of((each) => each.transferred.f1)];
    const values = [alone, sampler, model, model / sampler, transferred, transferred / sampler, of((each) => each.sampler.velocity), of((each) => each.loudness)];
    return `${name.slice(0, 20).padEnd(22)}${values.map((value) => value.toFixed(2).padStart(9)).join('')}`;
  };
  return [
    'Heard by a transcriber: note F1 (50 ms) by Basic Pitch alone and by ours, the correlation of velocities, and dB by which a phrase is off after transfer',
    `${''.padEnd(22)}${['alone', 'sampler', 'model', 'ratio', 'transfer', 'ratio', 'velocity', 'loudness'].map((name) => name.padStart(9)).join('')}`,
    ...all.map((each) => line(each.name, (value) => value(each))),
    line('mean', mean),
  ];
}
