/**
 * Loudness over time, as ITU-R BS.1770-4 measures it: power behind a filter that hears as the ear does, in
 * loudness units relative to full scale (LUFS, in dB).
 */

/** Seconds between two measurements. */
export const LOUDNESS_STEP = 0.1;
/** Loudness of a sound of power 1 behind the filter. */
const OFFSET = -0.691;
/** Loudness of silence. */
export const SILENT = -100;

/** Direct form II transposed. */
class Biquad {
  readonly #b: readonly [number, number, number];
  readonly #a: readonly [number, number];
  #s1 = 0;
  #s2 = 0;

  constructor(b: readonly [number, number, number], a: readonly [number, number]) {
    this.#b = b;
    this.#a = a;
  }

  next(x: number): number {
    const y = this.#b[0] * x + this.#s1;
    this.#s1 = this.#b[1] * x - this.#a[0] * y + this.#s2;
    this.#s2 = this.#b[2] * x - this.#a[1] * y;
    return y;
  }
}

/** The head as a shelf of 4 dB above 1.7 kHz; its analogue prototype, so that it serves any rate. */
function shelf(sampleRate: number): Biquad {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return new Biquad(
    [(high + (band * k) / q + k * k) / a0, (2 * (k * k - high)) / a0, (high - (band * k) / q + k * k) / a0],
    [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0],
  );
}

/** Low sounds count less: a high-pass at 38 Hz. */
function highPass(sampleRate: number): Biquad {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const q = 0.5003270373238773;
  const a0 = 1 + k / q + k * k;
  return new Biquad([1, -2, 1], [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0]);
}

/** Measures a sound that comes in blocks. */
export class LoudnessMeter {
  readonly #filters: readonly (readonly [Biquad, Biquad])[];
  readonly #step: number;
  readonly #powers: number[] = [];
  #sum = 0;
  #frames = 0;

  /** @param sampleRate in Hz */
  constructor(sampleRate: number, channels: number) {
    this.#filters = Array.from({ length: channels }, () => [shelf(sampleRate), highPass(sampleRate)] as const);
    this.#step = LOUDNESS_STEP * sampleRate;
  }

  /** @param block of as many channels as the meter has */
  add(block: readonly Float32Array[]): void {
    for (let i = 0; i < block[0]!.length; i++) {
      for (let channel = 0; channel < this.#filters.length; channel++) {
        const [first, second] = this.#filters[channel]!;
        this.#sum += second.next(first.next(block[channel]![i]!)) ** 2;
      }
      if (++this.#frames < Math.round((this.#powers.length + 1) * this.#step)) continue;
      this.#powers.push(this.#sum / this.#step);
      this.#sum = 0;
    }
  }

  /** Power behind the filter in each step so far. */
  get powers(): readonly number[] {
    return this.#powers;
  }
}

/** Short-term loudness in LUFS in each step, over `seconds` around it. @param powers of a meter */
export function loudnessLevels(powers: readonly number[], seconds: number): number[] {
  const reach = Math.round(seconds / LOUDNESS_STEP / 2);
  return powers.map((_, i) => {
    const near = powers.slice(Math.max(0, i - reach), i + reach + 1);
    const power = near.reduce((sum, p) => sum + p, 0) / near.length;
    return Math.max(SILENT, OFFSET + 10 * Math.log10(power + 1e-12));
  });
}
