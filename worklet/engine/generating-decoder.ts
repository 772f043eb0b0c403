/** A decoder that generates: what the strings leave, or all of the sound, drawn sample by sample. */
import { Colour } from '../../model/generator/colour.ts';
import { FAINT } from '../../model/generator/faint.ts';
import { writeShape } from '../../model/generator/shape.ts';
import { INPUT_LIMIT, LEVEL_FLOOR } from '../../model/level.ts';
import { generatedBands, receptiveFieldRows, shapeGroups, type Spec } from '../../model/spec.ts';
import { waveNetShape } from '../../model/wavenet-shape.ts';
import { Generator } from './generator.ts';
import { GeneratorGuard } from './generator-guard.ts';
import type { HeardVoices } from './heard-voices.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import { Resampler } from './resampler.ts';

/** What the colour's filter and the resampler may ring on. */
const RINGING_SECONDS = 0.1;

/**
 * The generator draws e at unit power. x(n) = g(n) e(n) - sum of a[i] x(n - 1 - i) gives it the level and colour that the
 * noise bands have, or, where it makes all of the sound, the level alone; the resampler brings x to the model's rate,
 * a millisecond late. Only the constructor, `attach` and `load` allocate.
 */
export class GeneratingDecoder {
  /** Style and what is known of the voices at a boundary; `condition` applies it. */
  readonly #voices: Float32Array;
  /** Powers of the noise bands at the tick's end. */
  readonly #noisePowers: Float64Array;
  readonly #spec: Spec;
  readonly #generator: Generator;
  readonly #seed: number;
  readonly #guard: GeneratorGuard;
  readonly #resampler: Resampler;
  readonly #colour: Colour;
  readonly #rows: number;
  readonly #isResidual: boolean;
  readonly #groups: number;
  readonly #memoryTicks: number;
  readonly #ticked: Float32Array;
  /** x before the tick, the latest last, then that of the tick. */
  readonly #x: Float64Array;
  /** Level of the voices, and gain of what is drawn, at the start of the tick. */
  #level = NaN;
  #gain = NaN;
  /** Sample before the tick. */
  #before = NaN;
  #enabled = true;

  /** @param seed of the random numbers */
  constructor(layout: Layout, spec: Spec, seed: number) {
    const { divisor, colour, makes } = spec.generator!;
    const rate = spec.sampleRate / divisor;
    this.#spec = spec;
    this.#seed = seed;
    this.#rows = spec.tick / divisor;
    this.#isResidual = makes === 'residual';
    this.#groups = this.#isResidual ? shapeGroups(spec) : 0;
    const shape = waveNetShape(spec);
    this.#generator = new Generator(layout, shape, this.#rows, seed);
    this.#guard = new GeneratorGuard(rate);
    this.#resampler = new Resampler(rate, spec.sampleRate, this.#rows);
    this.#colour = new Colour(spec);
    this.#memoryTicks = Math.ceil((receptiveFieldRows(spec) + RINGING_SECONDS * rate) / this.#rows);
    this.#ticked = new Float32Array(this.#rows);
    this.#x = new Float64Array(colour + this.#rows);
    this.#noisePowers = new Float64Array(generatedBands(spec));
    this.#voices = new Float32Array(shape.conditioning - this.#groups);
  }

  /** Takes its part of the kernel's memory as it is. */
  attach(kernel: Kernel): void {
    this.#generator.attach(kernel);
  }

  /** Writes the tensors `wavenet.*` into the kernel's memory. */
  load(kernel: Kernel, tensors: ReadonlyMap<string, Float32Array>): void {
    this.#generator.load(kernel, tensors);
  }

  /** Ticks after which nothing of the past is heard. */
  get memoryTicks(): number {
    return this.#memoryTicks;
  }

  /** How often the generator had to be started anew. */
  get restarts(): number {
    return this.#guard.restarts;
  }

  /** 1 draws as was learned; less is calmer, down to 0. */
  set temperature(temperature: number) {
    this.#generator.temperature = temperature;
  }

  /** Whether the generator sounds; without it y = x. */
  set enabled(enabled: boolean) {
    if (enabled && !this.#enabled) this.reset();
    this.#enabled = enabled;
  }

  /** Whether strings are part of the output. */
  get keepsStrings(): boolean {
    return this.#isResidual || !this.#enabled;
  }

  /** Lowest noise bands that this decoder makes itself. */
  get ownBands(): number {
    if (!this.#enabled) return 0;
    return this.#isResidual ? this.#noisePowers.length : this.#spec.noise.bands;
  }

  /** Takes in what is known at a boundary. */
  hear(voices: HeardVoices): void {
    if (this.#isResidual) voices.writeFeatures(this.#voices);
    else voices.writeKeys(this.#voices);
    for (let b = 0; b < this.#noisePowers.length; b++) this.#noisePowers[b] = voices.noisePowers[b]!;
  }

  /** Forgets the past, and starts the random numbers anew. */
  reset(): void {
    this.#generator.reset();
    this.#generator.seed(this.#seed);
    this.#guard.reset();
    this.#resampler.reset();
    this.#x.fill(0);
    this.#level = Math.sqrt(LEVEL_FLOOR);
    this.#gain = 0;
    this.#before = 0;
  }

  /** Applies what was heard to the tick that follows. */
  condition(): void {
    this.#generator.conditioning.set(this.#voices);
  }

  /**
   * Turns one tick of strings into output, in place.
   *
   * @param power expected mean power of all voices at the tick's end
   */
  decode(samples: Float32Array, power: number): void {
    if (!this.#enabled) return;
    const { conditioning } = this.#generator;
    if (this.#groups > 0) writeShape(this.#noisePowers, 0, this.#groups, conditioning, this.#voices.length);
    this.#generator.condition();
    this.#writeStrings(samples, power);
    const drawn = this.#generator.run(this.#rows);
    const from = this.#gain;
    this.#gain = this.#nextGain(power);
    const judged = Math.min(from, this.#gain) ** 2 > FAINT;
    if (this.#guard.watch(this.#generator.samples, drawn, this.#rows, judged)) this.#generator.reset();
    this.#colourTick(from);
    this.#resampler.push(this.#ticked);
    for (let n = 0; n < samples.length; n++) samples[n] = (this.#isResidual ? samples[n]! : 0) + this.#resampler.next();
  }

  /** What enters beside the sample before: the strings at about unit level, as a mean of the samples of a row. */
  #writeStrings(samples: Float32Array, power: number): void {
    const level = this.#level;
    this.#level = Math.sqrt(LEVEL_FLOOR + power);
    const { beside } = this.#generator;
    const { divisor } = this.#spec.generator!;
    if (beside.length > 0) {
      for (let row = 0; row < this.#rows; row++) {
        let sum = 0;
        for (let i = 0; i < divisor; i++) sum += row * divisor - i < 0 ? this.#before : samples[row * divisor - i]!;
        const strings = sum / divisor / (level + ((this.#level - level) * row) / this.#rows);
        beside[row] = Math.max(-INPUT_LIMIT, Math.min(INPUT_LIMIT, strings));
      }
    }
    this.#before = samples[samples.length - 1]!;
  }

  #nextGain(power: number): number {
    if (!this.#isResidual) return Math.sqrt(power);
    this.#colour.set(this.#noisePowers, 0);
    return this.#colour.gain;
  }

  /** Level and colour, to `#ticked`. @param from gain at the start of the tick */
  #colourTick(from: number): void {
    const { coefficients } = this.#colour;
    const { samples } = this.#generator;
    const order = coefficients.length;
    const x = this.#x;
    for (let row = 0; row < this.#rows; row++) {
      let sum = (from + ((this.#gain - from) * row) / this.#rows) * samples[row]!;
      for (let i = 0; i < order; i++) sum -= coefficients[i]! * x[order + row - 1 - i]!;
      x[order + row] = Math.abs(sum) < 1e-20 ? 0 : sum;
      this.#ticked[row] = sum;
    }
    x.copyWithin(0, this.#rows);
  }
}
