/** Augmentation of timbre: one random equaliser, room and detuning for a whole passage. */
import type { Random } from '../../random.ts';
import { transformOf } from '../../transform.ts';

/** A changed piano: what `apply` does to its sound, and how far its tuning moved. */
export interface Augmentation {
  /** Cents by which every string is detuned; `apply` leaves this to whoever plays the notes. */
  readonly cents: number;
  /** Equaliser and room. */
  apply(sound: Float32Array): Float32Array;
}

export const UNCHANGED: Augmentation = { cents: 0, apply: (sound) => sound };

const EQUALISER_CHANCE = 0.8;
const ROOM_CHANCE = 0.2;
const DETUNE_CHANCE = 0.5;
const LARGEST_DETUNE = 20;

export function randomAugmentation(random: Random, sampleRate: number): Augmentation {
  const filters = random.chance(EQUALISER_CHANCE) ? randomEqualiser(random, sampleRate) : [];
  const room = random.chance(ROOM_CHANCE) ? randomRoom(random, sampleRate) : undefined;
  const cents = random.chance(DETUNE_CHANCE) ? random.between(-LARGEST_DETUNE, LARGEST_DETUNE) : 0;
  return {
    cents,
    apply: (sound) => {
      const changed = sound.slice();
      for (const filter of filters) runBiquad(filter, changed);
      return room ? convolve(changed, room) : changed;
    },
  };
}

interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/** A peaking filter of the audio EQ cookbook (Bristow-Johnson). */
function peaking(frequency: number, gain: number, q: number, sampleRate: number): Biquad {
  const w = (2 * Math.PI * frequency) / sampleRate;
  const root = 10 ** (gain / 40);
  const alpha = Math.sin(w) / (2 * q);
  const scale = 1 / (1 + alpha / root);
  const middle = -2 * Math.cos(w) * scale;
  return {
    b: [(1 + alpha * root) * scale, middle, (1 - alpha * root) * scale],
    a: [middle, (1 - alpha / root) * scale],
  };
}

function randomEqualiser(random: Random, sampleRate: number): Biquad[] {
  return [80, 300, 1000, 3000, 9000].map((centre) =>
    peaking(centre * 2 ** random.between(-0.8, 0.8), 4 * random.normal(), random.between(0.4, 1.2), sampleRate),
  );
}

function runBiquad({ b, a }: Biquad, sound: Float32Array): void {
  let x1 = 0, x2 = 0, y1 = 0, y2 = 0;
  for (let n = 0; n < sound.length; n++) {
    const x = sound[n]!;
    const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    sound[n] = y;
  }
}

/** A small room: the direct sound and noise that decays within a tenth of a second or two. */
function randomRoom(random: Random, sampleRate: number): Float32Array {
  const seconds = random.between(0.05, 0.25);
  const response = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, n) => {
    return random.normal() * Math.exp((-6.9 * n) / (seconds * sampleRate)) * (n > 0.002 * sampleRate ? 1 : 0);
  });
  const energy = response.reduce((sum, v) => sum + v * v, 0);
  const share = 10 ** (random.between(-16, -6) / 20);
  const scaled = response.map((v) => (v * share) / Math.sqrt(energy));
  scaled[0] = 1;
  return scaled;
}

function convolve(sound: Float32Array, response: Float32Array): Float32Array {
  const size = 2 ** Math.ceil(Math.log2(sound.length + response.length));
  const fft = transformOf(size);
  const transform = (x: Float32Array): number[] => {
    const padded = new Array<number>(size).fill(0);
    x.forEach((v, n) => (padded[n] = v));
    const spectrum = fft.createComplexArray() as number[];
    fft.realTransform(spectrum, padded);
    fft.completeSpectrum(spectrum);
    return spectrum;
  };
  const a = transform(sound);
  const b = transform(response);
  for (let k = 0; k < 2 * size; k += 2) {
    const re = a[k]! * b[k]! - a[k + 1]! * b[k + 1]!;
    a[k + 1] = a[k]! * b[k + 1]! + a[k + 1]! * b[k]!;
    a[k] = re;
  }
  const back = fft.createComplexArray() as number[];
  fft.inverseTransform(back, a);
  return Float32Array.from(sound, (_, n) => back[2 * n]!);
}
