/**
 * What a transcriber hears: in a performance that a plain sampler plays with a bank's own recordings, in the same
 * that the model plays, and in what the model makes of the first one after it was transcribed.
 */
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { soundOf } from '../../model/audio/sound.ts';
import { CLIP_RATE } from '../../model/corpus/notes.ts';
import { parseMidiFile, type Performance } from '../../model/performance.ts';
import type { Style } from '../../model/style.ts';
import { startBackend } from '../../model/train/backend.ts';
import { loadBasicPitch } from '../../model/transcribe/package-model.ts';
import { transcribe } from '../../model/transcribe/transcribe.ts';
import type { Transcriber } from '../../model/transcribe/transcriber.ts';
import { Performer } from '../../worklet/engine/performer.ts';
import { StagedEngine } from '../../worklet/engine/staged-engine.ts';
import { scoreNotes, type NoteScore } from './note-score.ts';
import type { Sampler } from './sampler.ts';
import type { Player } from './strike.ts';

const PERFORMANCES = 10;
const SECONDS = 40;
const TAIL = 1;
const PEAK = 0.7;

/** Scores of one performance. */
export interface Listening {
  readonly name: string;
  readonly sampler: NoteScore;
  readonly model: NoteScore;
  readonly transferred: NoteScore;
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
  const results: Listening[] = [];
  for (const performance of performances) {
    const heard = await hear(transcriber, sampler.play(performance, performance.seconds + TAIL), performance.name);
    const own = await hear(transcriber, playOnModel(player, style, performance), performance.name);
    const again = await hear(transcriber, playOnModel(player, style, heard), performance.name);
    results.push({
      name: performance.name,
      sampler: scoreNotes(performance, heard),
      model: scoreNotes(performance, own),
      transferred: scoreNotes(performance, again),
    });
    onStep();
  }
  transcriber.dispose();
  return results;
}

/** What the transcriber makes of a sound at `CLIP_RATE`, brought to one level. */
export function hear(transcriber: Transcriber, sound: Float32Array, name: string): Promise<Performance> {
  const peak = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return transcribe(transcriber, soundOf({ sampleRate: CLIP_RATE, channels: [sound.map((sample) => (PEAK / peak) * sample)] }), name);
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
  const line = (name: string, [sampler, model, transferred, velocity]: readonly [number, number, number, number]): string =>
    `${name.slice(0, 20).padEnd(22)}${[sampler, model, model / sampler, transferred, transferred / sampler, velocity].map((value) => value.toFixed(2).padStart(9)).join('')}`;
  return [
    'Heard by a transcriber: note F1 (50 ms), and the correlation of velocities',
    `${''.padEnd(22)}${['sampler', 'model', 'ratio', 'transfer', 'ratio', 'velocity'].map((name) => name.padStart(9)).join('')}`,
    ...all.map((each) => line(each.name, [each.sampler.f1, each.model.f1, each.transferred.f1, each.sampler.velocity])),
    line('mean', [mean((each) => each.sampler.f1), mean((each) => each.model.f1), mean((each) => each.transferred.f1), mean((each) => each.sampler.velocity)]),
  ];
}
