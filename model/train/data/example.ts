/** One training step's material: a scene of one piano, its recorded sound, and another passage of the same piano. */
import { STRIKE_LEAD } from '../../corpus/strike-lead.ts';
import { damperRate } from '../../damper.ts';
import { PASSAGE_SECONDS, logMelFrames, type LogMel } from '../../log-mel.ts';
import type { Random } from '../../random.ts';
import type { Spec } from '../../spec.ts';
import { FIRST_NOTE } from '../../spec.ts';
import { fundamental } from '../../tuning.ts';
import { FRAME, type Scene } from '../graph/scene.ts';
import { UNCHANGED, randomAugmentation, type Augmentation } from './augment.ts';
import { phasesOf, pickBank, type TrainingBank, type TrainingNote } from './corpus-view.ts';

export interface Example {
  readonly bank: TrainingBank;
  /** Whether equaliser, room or tuning were changed, so that it is no longer that bank. */
  readonly changed: boolean;
  readonly scene: Scene;
  /** Recorded sound of the scene, `[examples * length]`. */
  readonly target: Float32Array;
  /** Log-mel frames of another passage of the same piano, changed in the same way. */
  readonly passage: LogMel;
}

export interface ExampleOptions {
  /** Samples of each example, a multiple of FRAME. */
  readonly length: number;
  /** Single notes in one scene, or one passage of this many voices. */
  readonly voices: number;
  /** Share of scenes with polyphony. */
  readonly polyphony: number;
  /** Share of changed timbres. */
  readonly augmentation: number;
  /** Share of single notes that start at their strike and not later in their decay. */
  readonly onsets: number;
}

const PASSAGE_NOTES = 7;
/** A decay is trained up to this age in seconds. */
const OLDEST = 2.5;

/** Builds the example of one step; the same random state gives the same example. */
export function buildExample(
  spec: Spec,
  banks: readonly TrainingBank[],
  random: Random,
  o: ExampleOptions,
  noisePoolLength: number,
): Example {
  const bank = pickBank(banks, random);
  const change = random.chance(o.augmentation) ? randomAugmentation(random, spec.sampleRate) : UNCHANGED;
  const polyphonic = random.chance(o.polyphony);
  const examples = polyphonic ? 1 : o.voices;
  const notes = Array.from({ length: o.voices }, () => random.pick(bank.notes));
  const start = notes.map((note, s) =>
    polyphonic ? strikeInPassage(random, o.length, s) : strikeOfNote(random, spec, o, note),
  );
  const pedal = polyphonic && random.chance(0.5) ? 1 : 0;
  const sharper = 2 ** (change.cents / 1200);
  const damper = polyphonic && !pedal ? randomReleases(random, spec, notes, start, o.length) : undefined;

  const target = new Float32Array(examples * o.length);
  notes.forEach((note, s) => {
    const offset = polyphonic ? 0 : s * o.length;
    const sound = strikeSound(note, start[s]!, o.length, sharper);
    for (let n = 0; n < o.length; n++) target[offset + n]! += sound[n]! * (damper?.[s * o.length + n] ?? 1);
  });
  for (let e = 0; e < examples; e++) {
    const part = target.subarray(e * o.length, (e + 1) * o.length);
    part.set(change.apply(part));
  }
  return {
    bank,
    changed: change !== UNCHANGED,
    target,
    passage: buildPassage(spec, bank, random, change),
    scene: {
      examples,
      voices: o.voices / examples,
      length: o.length,
      start,
      strikes: {
        note: notes.map((note) => note.note),
        velocity: notes.map((note) => note.velocity),
        f0: notes.map((note) => fundamental(bank.tuning, note.note) * sharper),
        inharmonicity: notes.map((note) => bank.tuning.inharmonicity[note.note - FIRST_NOTE]!),
        phases: notes.map((note) => phasesOf(bank, note.note, spec.strings.partials)),
      },
      ...(damper ? { damper } : {}),
      pedal: new Float32Array((examples * o.length) / spec.tick).fill(pedal),
      noiseOffset: random.below(noisePoolLength - o.length),
    },
  };
}

const nearestFrame = (n: number): number => Math.round(n / FRAME) * FRAME;

/** At the start of the stretch, or so long before it that the recording still sounds throughout. */
function strikeOfNote(random: Random, spec: Spec, o: ExampleOptions, note: TrainingNote): number {
  const oldest = Math.min(OLDEST * spec.sampleRate, note.samples - note.onset - o.length);
  if (oldest <= 0 || random.chance(o.onsets)) return FRAME;
  // Young ages come up more often: that is where a decay bends and where ears listen.
  return -nearestFrame(oldest * random.uniform() ** 2);
}

/** The first voice is struck early in the stretch, so that it is never silent; the others anywhere. */
function strikeInPassage(random: Random, length: number, voice: number): number {
  return nearestFrame(voice === 0 ? random.between(0, 0.3 * length) : random.between(-length, 0.8 * length));
}

/**
 * The recording laid so that its strike falls on sample `start` of the stretch,
 * `ratio` times as high by Catmull-Rom interpolation.
 */
export function strikeSound(note: TrainingNote, start: number, length: number, ratio: number): Float32Array {
  const audio = note.audio();
  const origin = note.onset - STRIKE_LEAD;
  return Float32Array.from({ length }, (_, n) => {
    const at = origin + (n - start) * ratio;
    const i = Math.floor(at);
    const p1 = audio[i] ?? 0;
    if (at === i) return p1;
    const t = at - i;
    const p0 = audio[i - 1] ?? 0;
    const p2 = audio[i + 1] ?? 0;
    const p3 = audio[i + 2] ?? 0;
    return p1 + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)));
  });
}

/** Each key is let go at a random moment; the recording is damped as the model's string will be. */
function randomReleases(
  random: Random,
  spec: Spec,
  notes: readonly TrainingNote[],
  start: readonly number[],
  length: number,
): Float32Array {
  const damper = new Float32Array(notes.length * length);
  notes.forEach((note, s) => {
    const release = start[s]! + random.between(0.1, 1.2) * spec.sampleRate;
    const fall = damperRate(note.note) / spec.sampleRate;
    for (let n = 0; n < length; n++) damper[s * length + n] = Math.exp(-fall * Math.max(0, n - release));
  });
  return damper;
}

/** Another passage of the same piano for the encoder: a few notes, one after another, ringing into each other. */
export function buildPassage(spec: Spec, bank: TrainingBank, random: Random, change: Augmentation): LogMel {
  const sound = new Float32Array(PASSAGE_SECONDS * spec.sampleRate);
  const ratio = 2 ** (change.cents / 1200);
  for (let i = 0; i < PASSAGE_NOTES; i++) {
    const at = Math.round((i / PASSAGE_NOTES) * sound.length);
    strikeSound(random.pick(bank.notes), 0, sound.length - at, ratio).forEach((v, n) => (sound[at + n]! += v));
  }
  return logMelFrames(change.apply(sound), spec.sampleRate);
}
