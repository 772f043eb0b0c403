/**
 * How near a style comes to a piano when it is extracted from a minute of it, the étude or music: a bank's own
 * recordings are played by a sampler, and its left-out strikes tell how far the model is with the style that was made
 * of that.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Recording } from '../../model/audio/recording.ts';
import { soundOf } from '../../model/audio/sound.ts';
import type { Bank } from '../../model/corpus/corpus.ts';
import { CLIP_RATE, loadBank, type Clip } from '../../model/corpus/notes.ts';
import { leftOut } from '../../model/corpus/split.ts';
import { etude } from '../../model/etude.ts';
import { extractStyle, hearPiano } from '../../model/extract/extract.ts';
import { playedIn } from '../../model/extract/recognise-etude.ts';
import type { Performance } from '../../model/performance.ts';
import type { Style } from '../../model/style.ts';
import { startBackend } from '../../model/train/backend.ts';
import { loadBasicPitch } from '../../model/transcribe/package-model.ts';
import { transcribe } from '../../model/transcribe/transcribe.ts';
import { cutClip } from './clip.ts';
import { recordedAs, type Condition } from './conditions.ts';
import { distances } from './distances.ts';
import { Sampler } from './sampler.ts';
import { playStrike, type Player } from './strike.ts';

const SECONDS = 60;
const PEAK = 0.7;
const STEPS = 200;
const PLAYED_SECONDS = 1.2;
/** The keys and the velocity by which pianos are told apart. */
const KEYS = Array.from({ length: 11 }, (_, i) => 33 + 6 * i);
const VELOCITY = 80 / 127;

/** Mel distances in dB of one bank. */
export interface ExtractionScore {
  /** Of the style that was made of the étude, in each condition, and that knew what was played. */
  readonly informed: Readonly<Partial<Record<Condition, number>>>;
  /** Of the style that was made of the étude where its notes were heard, and the étude known by them. */
  readonly recognised: number;
  /** Of those that were made of music: one that knew what was played, and one whose notes were transcribed. */
  readonly music: { readonly informed: number; readonly blind: number };
  /** Of the encoder's embedding of the étude, before refinement. */
  readonly encoder: number;
  /** Of the nearest of the styles that there were before, and its name. */
  readonly shipped: { readonly id: string; readonly mel: number };
  /** From the informed style to each bank. */
  readonly pianos: Readonly<Record<string, number>>;
}

export interface ExtractionBench {
  readonly player: Player;
  /** File of the weights; the encoder lies beside it. */
  readonly weights: string;
  /** What a player could choose instead. */
  readonly styles: readonly Style[];
  readonly music: Performance;
  /** Of the recording of the étude; the first is the one for `pianos`. */
  readonly conditions: readonly Condition[];
  /** Of all banks, for `pianos`. */
  readonly references: ReadonlyMap<string, readonly Float64Array[]>;
  readonly onStep: (what: string) => void;
}

/** Notes of an octave, and parts of the range of velocities. */
const OCTAVE = 12;
const DYNAMICS = 8;

/** The performance that goes furthest over keyboard and velocities, as one would play who wants to show a piano; undefined where there are none. */
export function mostTelling(performances: readonly Performance[]): Performance | undefined {
  const places = ({ events }: Performance): number =>
    new Set(events.flatMap((event) => (event.type === 'noteOn' ? [Math.floor(event.note / OCTAVE) * DYNAMICS + Math.floor(event.velocity * (DYNAMICS - 0.01))] : []))).size;
  return performances.reduce<Performance | undefined>((best, each) => (best === undefined || places(each) > places(best) ? each : best), undefined);
}

/** How each bank sounds in the keys by which pianos are told apart. */
export async function referenceStrikes(banks: readonly Bank[], onBank: (id: string) => void): Promise<Map<string, Float64Array[]>> {
  const strikes = new Map<string, Float64Array[]>();
  for (const bank of banks) {
    const sampler = new Sampler(await loadBank(bank));
    strikes.set(bank.id, KEYS.map((note) => {
      const events = [{ type: 'noteOn', note, velocity: VELOCITY, seconds: 0.1 }] as const;
      return cutClip(sampler.play({ name: bank.id, seconds: PLAYED_SECONDS, events }, PLAYED_SECONDS + 0.1), CLIP_RATE);
    }));
    onBank(bank.id);
  }
  return strikes;
}

/** @throws InputError where a recording cannot be read */
export async function scoreExtraction(bench: ExtractionBench, bank: Bank): Promise<ExtractionScore> {
  const { player, onStep } = bench;
  await startBackend('wasm');
  const clips = await loadBank(bank);
  const held = clips.filter(({ sample }) => leftOut(bank)(sample));
  const mel = (style: Style): number => melDistance(player, style, held);
  const sampler = new Sampler(clips);
  const performance = etude();
  const sound = played(sampler, performance);
  const music = mono(played(sampler, bench.music));

  const informed: Partial<Record<Condition, number>> = {};
  let known: Style | undefined;
  for (const condition of bench.conditions) {
    const style = await extract(bench, await recordedAs(condition, sound, CLIP_RATE), performance, STEPS);
    known ??= style;
    informed[condition] = mel(style);
    onStep(`${bank.id}, ${condition}`);
  }
  const recognised = mel(await extractHeard(bench, mono(sound)));
  onStep(`${bank.id}, étude without its MIDI`);
  const ofMusic = { informed: mel(await extract(bench, music, bench.music, STEPS)), blind: mel(await extractHeard(bench, music)) };
  onStep(`${bank.id}, music`);
  const encoder = mel(await extract(bench, mono(sound), performance, 0));
  const shipped = bench.styles
    .map((style) => ({ id: style.id, mel: mel({ ...style, tuning: known!.tuning }) }))
    .reduce((nearest, each) => (each.mel < nearest.mel ? each : nearest));
  onStep(`${bank.id}, other styles`);
  const ours = KEYS.map((note) => cutClip(playStrike(player, { style: known!, note, velocity: VELOCITY, seconds: PLAYED_SECONDS }), CLIP_RATE));
  const pianos = Object.fromEntries([...bench.references].map(([id, strikes]) => [id, mean(strikes.map((strike, i) => distances(strike, ours[i]!).mel))]));
  return { informed, recognised, music: ofMusic, encoder, shipped, pianos };
}

/** A minute of it, with room above its peak. */
function played(sampler: Sampler, performance: Performance): Float32Array {
  const dry = sampler.play(performance, SECONDS);
  const peak = dry.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return dry.map((sample) => (PEAK / peak) * sample);
}

function mono(sound: Float32Array): Recording {
  return { sampleRate: CLIP_RATE, channels: [sound] };
}

/** Of a recording alone. */
async function extractHeard(bench: ExtractionBench, sound: Recording): Promise<Style> {
  const transcriber = await loadBasicPitch();
  const heard = await transcribe(transcriber, soundOf(sound), 'the minute').finally(() => transcriber.dispose());
  const { performance, heard: onlyHeard } = playedIn(heard);
  return extract(bench, sound, performance, STEPS, onlyHeard);
}

async function extract({ player, weights }: ExtractionBench, sound: Recording, performance: Performance, steps: number, heard = false): Promise<Style> {
  const source = join(dirname(weights), 'encoder.safetensors');
  const { style } = await extractStyle(sound, {
    weights: player.weights,
    encoder: { bytes: await readFile(source), source },
    describe: { id: 'extracted', name: 'Extracted', kind: 'piano', source: 'a minute', licence: 'unknown', credit: 'unknown' },
    piano: hearPiano(sound, performance),
    performance,
    ...(steps > 0 && { refine: { steps, heard, signal: new AbortController().signal } }),
  });
  return style;
}

function melDistance(player: Player, style: Style, clips: readonly Clip[]): number {
  return mean(
    clips.map(({ sample: { note, velocity }, audio }) => {
      const played = playStrike(player, { style, note, velocity: velocity / 127, seconds: PLAYED_SECONDS });
      return distances(cutClip(audio, CLIP_RATE), cutClip(played, CLIP_RATE)).mel;
    }),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Lines for people. */
export function describeExtraction(scores: Readonly<Record<string, ExtractionScore>>): string[] {
  const lines = ['A style from a minute (the étude): mel distance in dB to left-out strikes'];
  for (const [id, { informed, recognised, music, encoder, shipped, pianos }] of Object.entries(scores)) {
    const nearest = Object.entries(pianos).reduce((best, each) => (each[1] < best[1] ? each : best));
    lines.push(
      id,
      `  ${Object.entries(informed).map(([condition, mel]) => `${condition} ${mel.toFixed(1)}`).join('; ')}; without its MIDI ${recognised.toFixed(1)}`,
      `  music ${music.informed.toFixed(1)}, blind ${music.blind.toFixed(1)}; encoder alone ${encoder.toFixed(1)}; nearest other style ${shipped.mel.toFixed(1)} (${shipped.id})`,
      `  of all banks nearest to ${nearest[0]} (${nearest[1].toFixed(1)}); to itself ${pianos[id]!.toFixed(1)}`,
    );
  }
  return lines;
}
