/** Every recorded key of a bank at about one velocity, recorded and played: how it rises, dies away, and how it is tuned. */
import type { Bank, Sample } from '../../model/corpus/corpus.ts';
import { findOnset } from '../../model/corpus/onset.ts';
import { readMono } from '../../model/corpus/source-audio.ts';
import { leftOut } from '../../model/corpus/split.ts';
import { measureString } from '../../model/corpus/tuning-analysis.ts';
import { FIRST_NOTE } from '../../model/spec.ts';
import type { Style } from '../../model/style.ts';
import { fundamental, type Tuning } from '../../model/tuning.ts';
import { attackSeconds, decayRatio, levelCurve } from './envelope.ts';
import { pictureOf, type Picture } from './pictures.ts';
import { pitchError } from './pitch.ts';
import { STRIKE_LEAD, STRIKE_RATE, playStrike, type Player } from './strike.ts';

/** MIDI velocity to which the layer of a key lies nearest. */
const VELOCITY = 80;
/** Much of a bass note's fall, and all of a treble note's. */
const SECONDS = 3;
const RECORDING_LEAD = 0.25;
/** B is searched within this factor of the tuning, and believed where this many partials agree. */
const STIFFNESS_FACTOR = 1.7;
const PARTIALS = 8;

/** One key, played against recorded. */
export interface KeyComparison {
  readonly note: number;
  /** Seconds to -20 dB as a ratio. */
  readonly decay: number;
  /** Seconds that the attack takes longer. */
  readonly attack: number;
  /** Cents sharp; undefined where no partial stands out. */
  readonly cents: number | undefined;
  /** Inharmonicity as a ratio; undefined where too few partials are heard. */
  readonly inharmonicity: number | undefined;
  /** Levels in dB of recording and engine every 20 ms, from the strike on. */
  readonly curves: readonly [Float64Array, Float64Array];
}

/** A key to look at. */
export interface KeyPicture {
  readonly note: number;
  /** Whether training saw none of this strike. */
  readonly leftOut: boolean;
  readonly recorded: Picture;
  readonly played: Picture;
}

export interface Keys {
  readonly comparisons: readonly KeyComparison[];
  readonly pictures: readonly KeyPicture[];
}

interface Sound {
  readonly audio: Float32Array;
  readonly onset: number;
}

/** Keys that are pictured: those recorded ones that lie nearest to nine from low to high. */
const PICTURED = [24, 33, 42, 51, 60, 69, 78, 90, 102];

function picturedOf(samples: readonly Sample[]): Set<Sample> {
  return new Set(PICTURED.map((note) => samples.reduce((best, sample) => (Math.abs(sample.note - note) < Math.abs(best.note - note) ? sample : best))));
}

/** The strike of each key whose velocity lies nearest to 80. */
export function oneOfEachKey(samples: readonly Sample[]): Sample[] {
  const chosen = new Map<number, Sample>();
  const away = ({ velocity }: Sample): number => Math.abs(velocity - VELOCITY);
  for (const sample of samples) {
    const other = chosen.get(sample.note);
    if (other === undefined || away(sample) < away(other)) chosen.set(sample.note, sample);
  }
  return [...chosen.values()].sort((a, b) => a.note - b.note);
}

/** B of a sound; undefined where too few partials tell. */
function stiffnessOf({ audio, onset }: Sound, note: number, tuning: Tuning): number | undefined {
  const range = { expected: tuning.inharmonicity[note - FIRST_NOTE]!, factor: STIFFNESS_FACTOR };
  const string = measureString(audio, onset, STRIKE_RATE, note, range);
  return string && string.peaks.length >= PARTIALS ? string.inharmonicity : undefined;
}

export function compareKey(real: Sound, played: Sound, note: number, tuning: Tuning): KeyComparison {
  const frequency = fundamental(tuning, note);
  const curves = [real, played].map(({ audio, onset }) => levelCurve(audio, STRIKE_RATE, onset)) as [Float64Array, Float64Array];
  const [realAttack, playedAttack] = [real, played].map(({ audio, onset }) => attackSeconds(audio, STRIKE_RATE, onset, frequency)) as [number, number];
  const [realB, playedB] = [real, played].map((sound) => stiffnessOf(sound, note, tuning));
  return {
    note,
    decay: decayRatio(...curves),
    attack: playedAttack - realAttack,
    cents: pitchError(real, played, STRIKE_RATE, note, tuning),
    inharmonicity: realB === undefined || playedB === undefined ? undefined : playedB / realB,
    curves,
  };
}

/** Compares every recorded key of a bank; `onKey` is called after each. */
export async function compareKeys(player: Player, bank: Bank, style: Style, onKey: () => void): Promise<Keys> {
  const comparisons: KeyComparison[] = [];
  const pictures: KeyPicture[] = [];
  const samples = oneOfEachKey(bank.samples);
  const pictured = picturedOf(samples);
  const isLeftOut = leftOut(bank);
  for (const sample of samples) {
    const { note, velocity } = sample;
    const recording = await readMono(sample.path, STRIKE_RATE, SECONDS + RECORDING_LEAD);
    const real = { audio: recording, onset: Math.round(findOnset(recording, STRIKE_RATE) * STRIKE_RATE) };
    const played = { audio: playStrike(player, { style, note, velocity: velocity / 127, seconds: SECONDS }), onset: STRIKE_LEAD };
    comparisons.push(compareKey(real, played, note, style.tuning));
    if (pictured.has(sample)) {
      const picture = ({ audio, onset }: Sound): Picture => pictureOf(audio, STRIKE_RATE, onset);
      pictures.push({ note, leftOut: isLeftOut(sample), recorded: picture(real), played: picture(played) });
    }
    onKey();
  }
  return { comparisons, pictures };
}
