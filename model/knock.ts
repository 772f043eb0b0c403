/**
 * The knock: what key, hammer, keybed and soundboard do beside the strings, up to 1.5 kHz.
 *
 * It is no noise: two strikes of a key at one velocity make the same waveform, and neighbouring
 * velocities nearly so. It is a mixture of learned waveforms at a low rate, weighted by the note network.
 */
import { kaiser, sinc } from './kaiser.ts';
import type { Spec } from './spec.ts';

/** Hz in whose middle a knock lies: what changes the noise there changes the knock. */
export const KNOCK_FREQUENCY = 300;

/** Highest frequency in Hz of a knock. */
export const HIGHEST_KNOCK = 1500;
/** Fundamental in Hz of the lowest key with a knock: partials of lower ones leave no room between them to hear one. */
const LOWEST_FUNDAMENTAL = 80;

/** Whether a key has a knock. @param f0 fundamental in Hz */
export function hasKnock(f0: number): boolean {
  return f0 >= LOWEST_FUNDAMENTAL;
}

/** Low-rate samples over which a knock comes in: 2 ms. */
const ONSET = 8;
/** The last part of a knock, over which it fades. */
const FADE_SHARE = 0.2;

/** Gain with which a knock fades, after `share` of its time. */
export function knockFade(share: number): number {
  return Math.sin((Math.PI / 2) * Math.max(0, Math.min(1, (1 - share) / FADE_SHARE))) ** 2;
}

/** By what each low-rate sample of a waveform is multiplied, so that no knock begins or ends with a click. */
export function knockWindow({ samples }: Spec['knock']): Float64Array {
  const onset = (n: number): number => (n < ONSET ? Math.sin((Math.PI * n) / (2 * ONSET)) ** 2 : 1);
  return Float64Array.from({ length: samples }, (_, n) => onset(n) * knockFade(n / samples));
}

/** Low-rate samples that one sample of the knock is made of. */
export const KNOCK_TAPS = 16;
/** Of them, those before the one at or before it. */
export const TAPS_BEFORE = KNOCK_TAPS / 2 - 1;
/** Shape of the Kaiser window: images of what is below three quarters of the band lie 60 dB lower. */
const KAISER = 5.65;

/**
 * Weights `[divisor][KNOCK_TAPS]` of the low-rate samples around each place between two of them:
 * a sinc under a Kaiser window.
 */
export function knockFilter(divisor: number): Float64Array {
  const filter = new Float64Array(divisor * KNOCK_TAPS);
  for (let phase = 0; phase < divisor; phase++) {
    for (let tap = 0; tap < KNOCK_TAPS; tap++) {
      const away = phase / divisor - (tap - TAPS_BEFORE);
      filter[phase * KNOCK_TAPS + tap] = sinc(away) * kaiser((2 * away) / KNOCK_TAPS, KAISER);
    }
  }
  return filter;
}

/** A knock at the model's rate, from the strike on, from its low-rate samples; without damper. */
export function knockSound({ knock }: Pick<Spec, 'knock'>, samples: ArrayLike<number>): Float64Array {
  const { divisor } = knock;
  const filter = knockFilter(divisor);
  const sound = new Float64Array(samples.length * divisor);
  for (let n = 0; n < sound.length; n++) {
    const first = Math.floor(n / divisor) - TAPS_BEFORE;
    const row = (n % divisor) * KNOCK_TAPS;
    for (let tap = Math.max(0, -first); tap < KNOCK_TAPS && first + tap < samples.length; tap++) sound[n]! += filter[row + tap]! * samples[first + tap]!;
  }
  return sound;
}

/** The low-rate samples of a knock of amplitude 1. @param waves `[waves][samples]`, @param shape how much of each */
export function mixKnock({ knock }: Pick<Spec, 'knock'>, waves: ArrayLike<number>, shape: ArrayLike<number>): Float64Array {
  const mixed = new Float64Array(knock.samples);
  for (let w = 0; w < knock.waves; w++) {
    for (let n = 0; n < knock.samples; n++) mixed[n]! += shape[w]! * waves[w * knock.samples + n]!;
  }
  const window = knockWindow(knock);
  return mixed.map((x, n) => x * window[n]!);
}
