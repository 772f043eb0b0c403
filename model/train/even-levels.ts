/** Sets the keys of a piano to an even loudness, as a technician does. */
import { ControlMap, createControls, type Controls } from '../controls.ts';
import { KEY_LEVEL_BOUNDS } from '../key-level.ts';
import { applyModes } from '../key-modes.ts';
import { mixKnock } from '../knock.ts';
import { keyEmbedding, noteNetwork, type TensorLookup } from '../reference/note-network.ts';
import { noisePower } from '../reference/voice.ts';
import { FIRST_NOTE, NOTE_COUNT, type Spec } from '../spec.ts';
import type { Style } from '../style.ts';
import { KNOCK_WAVES } from '../tensors.ts';
import { fundamental } from '../tuning.ts';
import { VoicingMap } from '../voicing.ts';

/** Strikes from soft to loud, 0..1. */
const VELOCITIES = [0.5, 0.6, 0.7, 0.8, 0.9];
const SECONDS = 0.3;
/** Moments in seconds after the strike at which a key's power is looked at. */
const MOMENTS = Array.from({ length: 60 }, (_, i) => (SECONDS * (i + 0.5)) / 60);
/** Standard deviation in keys of the weights of a key's neighbours. */
const NEIGHBOURHOOD = 4;
/** What a key keeps, in dB at most, of what it is off its neighbours: pianos are not machines. */
const KEPT = 0.5;
/** Mean level of all keys in dBFS, so that pianos are about as loud as each other. */
const LOUDNESS = -28;
/** Decimal places of a level. */
const DIGITS = 2;

/** Power of the strings t seconds after the strike, while they come in: the two modes of a partial drift apart. */
function tonePower({ attackRate, partialCount, promptAmplitude, promptRate, aftersoundAmplitude, aftersoundRate, beat, lead }: Controls, t: number): number {
  let power = 0;
  for (let i = 0; i < partialCount; i++) {
    const prompt = promptAmplitude[i]! * Math.exp(-promptRate[i]! * t);
    const aftersound = aftersoundAmplitude[i]! * Math.exp(-aftersoundRate[i]! * t);
    power += 0.5 * (prompt * prompt + aftersound * aftersound) + prompt * aftersound * Math.cos(2 * Math.PI * beat[i]! * t + lead[i]!);
  }
  return power * (1 - Math.exp(-attackRate * t)) ** 2;
}

/** Mean power of the knock over the strike's first 0.3 s. */
function meanKnockPower({ knock, sampleRate }: Spec, tensors: TensorLookup, { knockAmplitude, knockShape }: Controls): number {
  if (knockAmplitude === 0) return 0;
  const samples = mixKnock({ knock }, tensors.get(KNOCK_WAVES)!, knockShape);
  const heard = (SECONDS * sampleRate) / knock.divisor;
  return samples.subarray(0, heard).reduce((sum, x) => sum + (knockAmplitude * x) ** 2, 0) / heard;
}

/** Expected level in dBFS of a strike's first 0.3 s. @param tensors of which those of the knock are read */
export function strikeLevel(spec: Spec, tensors: TensorLookup, controls: Controls): number {
  const bands = controls.strikeAmplitude.length;
  const power = MOMENTS.reduce((sum, t) => {
    let noise = 0;
    for (let b = 0; b < bands; b++) noise += noisePower(controls, b, t);
    return sum + tonePower(controls, t) + noise;
  }, 0);
  return 10 * Math.log10(power / MOMENTS.length + meanKnockPower(spec, tensors, controls) + 1e-12);
}

/**
 * Moves each level to the curve through its neighbours, but for `KEPT`, and all to the mean `LOUDNESS`.
 *
 * @param levels in dBFS, from the lowest key to the highest
 * @returns dB that each is to be louder, within what a style may say
 */
export function evening(levels: readonly number[]): number[] {
  const even = levels.map((level, key) => {
    const off = level - neighbourhood(levels, key);
    return level - off + KEPT * Math.tanh(off / KEPT);
  });
  const shift = LOUDNESS - even.reduce((sum, level) => sum + level, 0) / even.length;
  const [least, most] = KEY_LEVEL_BOUNDS;
  return even.map((level, key) => Number(Math.max(least, Math.min(most, level + shift - levels[key]!)).toFixed(DIGITS)));
}

/** The level at `key` of a line fitted to the keys around it, the nearer the more. */
function neighbourhood(levels: readonly number[], key: number): number {
  let [w, x, xx, y, xy] = [0, 0, 0, 0, 0];
  levels.forEach((level, other) => {
    const away = other - key;
    const weight = Math.exp(-0.5 * (away / NEIGHBOURHOOD) ** 2);
    w += weight;
    x += weight * away;
    xx += weight * away * away;
    y += weight * level;
    xy += weight * away * level;
  });
  return (y * xx - x * xy) / (w * xx - x * x);
}

/** What makes the keyboard of a style even: its `levels`. */
export function evenLevels(spec: Spec, tensors: TensorLookup, style: Pick<Style, 'embedding' | 'keys' | 'tuning' | 'modes' | 'voicing'>): number[] {
  const map = new ControlMap(spec);
  const controls = createControls(spec);
  const voicing = new VoicingMap(spec);
  voicing.set(style.voicing);
  const levels = Array.from({ length: NOTE_COUNT }, (_, key) => {
    const own = keyEmbedding(style, FIRST_NOTE + key);
    const sum = VELOCITIES.reduce((total, velocity) => {
      const raw = noteNetwork(spec, tensors, FIRST_NOTE + key, velocity, own);
      map.apply(raw, fundamental(style.tuning, FIRST_NOTE + key), style.tuning.inharmonicity[key]!, velocity, controls);
      applyModes(controls, style.modes?.[key] ?? []);
      voicing.apply(controls, FIRST_NOTE + key, velocity);
      return total + strikeLevel(spec, tensors, controls);
    }, 0);
    return sum / VELOCITIES.length;
  });
  return evening(levels);
}
