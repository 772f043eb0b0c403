/** Adds strikes up to a scene, and turns it into what the generator's network is to learn. */
import { Colour } from '../../generator/colour.ts';
import { FAINT } from '../../generator/faint.ts';
import { DRAWN_LIMIT } from '../../generator/mixture.ts';
import { writeShape } from '../../generator/shape.ts';
import { INPUT_LIMIT, LEVEL_FLOOR } from '../../level.ts';
import type { Random } from '../../random.ts';
import { generatedBands, shapeGroups, waveNetConditioningSize, waveNetWidths, type Spec } from '../../spec.ts';
import type { GeneratedVoice } from './generated-voice.ts';

/** One scene of `rows` rows and `ticks` ticks. */
export interface DrawnScene {
  /** `[rows][inputs]`: the sample before, and the strings. */
  readonly input: Float32Array;
  /** `[rows]`: samples to draw, and 1 where they count. */
  readonly target: Float32Array;
  readonly counts: Float32Array;
  /** `[ticks][conditioning]` */
  readonly conditioning: Float32Array;
}

/** Over so many seconds the level of what is learned is that of what is expected: the note network's part, not the generator's. */
const LEVEL_SECONDS = 0.06;

export class GeneratorScene {
  readonly #spec: Spec;
  readonly #ticks: number;
  readonly #rows: number;
  readonly #bands: number;
  readonly #history: number;
  /** Strings, and what is to be generated with `#history` samples before it. */
  readonly #strings: Float32Array;
  readonly #sound: Float32Array;
  readonly #noisePower: Float32Array;
  readonly #power: Float32Array;
  #features: Float32Array = new Float32Array(0);

  /** @param length samples at the model's rate */
  constructor(spec: Spec, length: number) {
    const { divisor, colour } = spec.generator!;
    this.#spec = spec;
    this.#ticks = length / spec.tick;
    this.#rows = length / divisor;
    this.#bands = generatedBands(spec);
    this.#history = colour;
    this.#strings = new Float32Array(this.#rows);
    this.#sound = new Float32Array(this.#history + this.#rows);
    this.#noisePower = new Float32Array((this.#ticks + 1) * this.#bands);
    this.#power = new Float32Array(this.#ticks + 1);
  }

  /** Adds a stretch of a voice that begins with its tick `from`. */
  add(voice: GeneratedVoice, from: number): void {
    const width = voice.features.length / voice.power.length;
    if (this.#features.length === 0) this.#features = new Float32Array((this.#ticks + 1) * width);
    const first = (from * this.#rows) / this.#ticks;
    const sum = (to: Float32Array, part: Float32Array, at: number): void => {
      for (let i = 0; i < to.length; i++) to[i]! += part[at + i] ?? 0;
    };
    sum(this.#strings, voice.strings, first);
    sum(this.#sound, voice.target, first - this.#history);
    sum(this.#noisePower, voice.noisePower, from * this.#bands);
    sum(this.#power, voice.power, from);
    sum(this.#features, voice.features, from * width);
  }

  /** @param z embedding that the network is told; @param jitter standard deviation of noise on the samples that it is given */
  drawn(z: Float32Array, random: Random, jitter: number): DrawnScene {
    const { target, counts } = this.#innovations();
    const { inputs } = waveNetWidths(this.#spec);
    const input = new Float32Array(this.#rows * inputs);
    const level = (n: number): number => Math.sqrt(between(this.#power, (n * this.#ticks) / this.#rows, Math.sqrt) ** 2 + LEVEL_FLOOR);
    for (let n = 0; n < this.#rows; n++) {
      input[n * inputs] = (target[n - 1] ?? 0) + jitter * random.normal();
      if (inputs > 1) input[n * inputs + 1] = clamp(this.#strings[n]! / level(n), INPUT_LIMIT);
    }
    return { input, target, counts, conditioning: this.#conditioning(z) };
  }

  /** What drives the colour's filter, at unit level. */
  #innovations(): Pick<DrawnScene, 'target' | 'counts'> {
    const rowsPerTick = this.#rows / this.#ticks;
    const target = new Float32Array(this.#rows);
    const counts = new Float32Array(this.#rows);
    const levels = this.#levels();
    for (let tick = 0, n = 0; tick < this.#ticks; tick++) {
      const [gain, next, coefficients] = [levels.gain[tick]!, levels.gain[tick + 1]!, levels.coefficients[tick]!];
      const expected = Math.min(levels.power[tick]!, levels.power[tick + 1]!);
      for (let i = 0; i < rowsPerTick; i++, n++) {
        let e = this.#sound[this.#history + n]!;
        for (let j = 0; j < coefficients.length; j++) e += coefficients[j]! * this.#sound[this.#history + n - 1 - j]!;
        target[n] = clamp(e / (gain + ((next - gain) * i) / rowsPerTick), DRAWN_LIMIT);
        counts[n] = expected > FAINT ? 1 : 0;
      }
    }
    level(target, counts, Math.round((LEVEL_SECONDS * this.#spec.sampleRate) / this.#spec.generator!.divisor));
    return { target, counts };
  }

  /** Expected power and gain at the boundaries, and the filter of each tick: that of its end. */
  #levels(): { power: number[]; gain: number[]; coefficients: Float64Array[] } {
    if (this.#spec.generator!.makes === 'autoregressive') {
      const power = [...this.#power];
      return { power, gain: power.map((p) => Math.sqrt(p + LEVEL_FLOOR)), coefficients: Array.from({ length: this.#ticks }, () => new Float64Array(0)) };
    }
    const colour = new Colour(this.#spec);
    const power: number[] = [];
    const gain: number[] = [];
    const coefficients: Float64Array[] = [];
    for (let tick = 0; tick <= this.#ticks; tick++) {
      colour.set(this.#noisePower, tick * this.#bands);
      power.push(this.#noisePower.subarray(tick * this.#bands, (tick + 1) * this.#bands).reduce((a, b) => a + b, 0));
      gain.push(Math.hypot(colour.gain, Math.sqrt(LEVEL_FLOOR)));
      if (tick > 0) coefficients.push(colour.coefficients.slice());
    }
    return { power, gain, coefficients };
  }

  #conditioning(z: Float32Array): Float32Array {
    const size = waveNetConditioningSize(this.#spec);
    const groups = this.#spec.generator!.makes === 'residual' ? shapeGroups(this.#spec) : 0;
    const width = this.#features.length / (this.#ticks + 1);
    const out = new Float32Array(this.#ticks * size);
    for (let tick = 0; tick < this.#ticks; tick++) {
      out.set(z, tick * size);
      out.set(this.#features.subarray(tick * width, (tick + 1) * width), tick * size + z.length);
      if (groups > 0) writeShape(this.#noisePower, (tick + 1) * this.#bands, groups, out, (tick + 1) * size - groups);
    }
    return out;
  }
}

const clamp = (x: number, limit: number): number => Math.max(-limit, Math.min(limit, x));

/** Values at the boundaries, drawn out linearly after `map`. */
function between(values: Float32Array, position: number, map: (x: number) => number): number {
  const i = Math.min(values.length - 2, Math.floor(position));
  const [a, b] = [map(values[i]!), map(values[i + 1]!)];
  return a + (b - a) * (position - i);
}

/** Brings a signal to unit power over each stretch of `reach` samples, of those that count. */
function level(signal: Float32Array, counts: Float32Array, reach: number): void {
  const power = new Float64Array(signal.length + 1);
  const weight = new Float64Array(signal.length + 1);
  for (let n = 0; n < signal.length; n++) {
    power[n + 1] = power[n]! + counts[n]! * signal[n]! ** 2;
    weight[n + 1] = weight[n]! + counts[n]!;
  }
  for (let n = 0; n < signal.length; n++) {
    const from = Math.max(0, n - (reach >> 1));
    const to = Math.min(signal.length, n + (reach >> 1));
    const mean = (power[to]! - power[from]!) / Math.max(1, weight[to]! - weight[from]!);
    signal[n] = mean > 1e-8 ? clamp((counts[n]! * signal[n]!) / Math.sqrt(mean), DRAWN_LIMIT) : 0;
    if (mean <= 1e-8) counts[n] = 0;
  }
}
