/** Small pianos with seeded random weights, and the compiled kernels of dist/. */
import { existsSync, readFileSync } from 'node:fs';
import { Random } from '../../model/random.ts';
import { DETUNE, DETUNE_RANGE, rawOffsets } from '../../model/controls.ts';
import { MODE_NUMBERS } from '../../model/key-modes.ts';
import { DEFAULT_SPEC, NOTE_COUNT, noteOutputSize, type Spec } from '../../model/spec.ts';
import { KNOCK_WAVES, decoderTensors } from '../../model/tensors.ts';
import { PHASE_STEPS, typicalTuning, type Tuning } from '../../model/tuning.ts';
import { VOICING_GRIDS, VOICING_LIMITS, mapVoicing, type Voicing } from '../../model/voicing.ts';
import type { Weights } from '../../model/weights.ts';
import { waveNetShape } from '../../model/wavenet-shape.ts';
import { Engine, type EngineOptions } from '../../worklet/engine/engine.ts';
import { roundToPairs } from '../../worklet/engine/wavenet-packing.ts';
import type { Timbre } from '../../worklet/engine/strike.ts';

export const RATE = 48000;

/** A spec of the default's form that the reference renders in seconds. */
export const SMALL_SPEC: Spec = {
  ...DEFAULT_SPEC,
  id: 'small',
  noteNetwork: { pitchFeatures: 8, hidden: [24, 20] },
  style: { size: 5 },
  strings: { partials: 12, attackRange: 2 },
  noise: { bands: 38 },
  knock: { waves: 5, samples: 64, divisor: 12 },
  waveNet: { fold: 4, channels: 12, dilations: [1, 2, 4, 8, 16], voiceFeatures: 3, decaySeconds: [0.01, 0.1, 0.6] },
};

export interface Build {
  readonly name: string;
  readonly module: WebAssembly.Module;
}

/** Builds of the kernel that this JavaScript engine runs; Node 20 needs --experimental-wasm-relaxed-simd for the first. */
export function kernelBuilds(): readonly Build[] {
  return (builds ??= readBuilds());
}

/** Read once: another build may replace dist/ while tests run. */
let builds: readonly Build[] | undefined;

function readBuilds(): Build[] {
  return ['relaxed', 'plain'].flatMap((name) => {
    const file = new URL(`../../dist/anypiano-${name}.wasm`, import.meta.url);
    if (!existsSync(file)) throw new Error('dist/ has no kernel: run npm run build first');
    const bytes = readFileSync(file);
    return WebAssembly.validate(bytes) ? [{ name, module: new WebAssembly.Module(bytes) }] : [];
  });
}

/** Random weights whose controls stay near the priors and whose WaveNet is clearly heard. */
export function randomWeights(spec: Spec, seed: number): Weights {
  const random = new Random(seed);
  const last = `note.${spec.noteNetwork.hidden.length}`;
  const tensors = new Map(
    decoderTensors(spec).map(({ name, shape }) => {
      const count = shape.reduce((product, size) => product * size, 1);
      const scale = name.endsWith('bias') ? 0.05 : name.startsWith(last) ? 0.2 / Math.sqrt(shape[0]!) : 0.7 / Math.sqrt(shape[0]!);
      const soft = name === KNOCK_WAVES ? 0.1 : 1;
      return [name, Float32Array.from({ length: count }, () => soft * scale * random.normal())];
    }),
  );
  tensors.get('wavenet.gain.bias')?.fill(-12);
  return { spec, tensors };
}

/** Random weights of a generator that draws quiet noise of about unit power, whatever it is told; rounded as single rows want them. */
export function generatorWeights(spec: Spec, seed: number): Weights {
  const { components } = spec.generator!;
  const { tensors } = randomWeights(spec, seed);
  tensors.set('wavenet.head.weight', tensors.get('wavenet.head.weight')!.map((w) => 0.1 * w));
  tensors.set('wavenet.head.bias', Float32Array.from({ length: 3 * components }, (_, i) => (i < 2 * components ? 0 : -0.6)));
  return { spec, tensors: roundToPairs(waveNetShape(spec), tensors) };
}

/** The same weights, but for the two modes of each partial: they have one frequency, so that pitch can be measured. */
export function withoutBeats({ spec, tensors }: Weights): Weights {
  const last = `note.${spec.noteNetwork.hidden.length}`;
  const outputs = noteOutputSize(spec);
  const { detune } = rawOffsets(spec);
  const cut = (name: string, value: number): [string, Float32Array] => [
    name,
    tensors.get(name)!.map((own, i) => (i % outputs >= detune && i % outputs < detune + spec.strings.partials ? value : own)),
  ];
  const noCents = DETUNE_RANGE * Math.atanh(-DETUNE / DETUNE_RANGE);
  return { spec, tensors: new Map([...tensors, cut(`${last}.weight`, 0), cut(`${last}.bias`, noCents)]) };
}

/** A voicing within an eighth of what one may be. */
export function randomVoicing(seed: number): Voicing {
  const random = new Random(seed);
  return mapVoicing((name) => {
    const { keys, frequencies } = VOICING_GRIDS[name];
    return keys.map(() => frequencies.map(() => (VOICING_LIMITS[name] / 8) * random.between(-1, 1)));
  });
}

/** What is known of the first partials of every other key. */
export function randomModes(seed: number): number[][] {
  const random = new Random(seed);
  return Array.from({ length: NOTE_COUNT }, (_, key) => (key % 2 === 0 ? [] : [1, ...Array.from({ length: (key % 5) * MODE_NUMBERS.length }, () => random.below(61) - 30)]));
}

export function randomTimbre(spec: Spec, seed: number): Timbre & { readonly tuning: Tuning } {
  const random = new Random(seed);
  const embedding = Array.from({ length: spec.style.size }, () => 0.5 * random.normal());
  const { cents, inharmonicity } = typicalTuning();
  const phases = cents.map((_, key) => Array.from({ length: key % 20 }, () => random.below(PHASE_STEPS)));
  // Some keys are of their own, and of others nothing is known.
  const keys = Array.from({ length: NOTE_COUNT }, (_, key) => (key % 3 === 0 ? [] : embedding.map(() => 0.2 * random.normal())));
  const levels = cents.map(() => random.normal());
  return { embedding, keys, levels, voicing: randomVoicing(seed), tuning: { cents: cents.map((_, key) => 20 * Math.sin(key + seed)), inharmonicity, phases } };
}

/** A small piano on the first build that runs, unless told otherwise. */
export function smallPiano(options: Partial<EngineOptions> = {}): Engine {
  return new Engine({
    module: kernelBuilds()[0]!.module,
    weights: randomWeights(SMALL_SPEC, 1),
    style: randomTimbre(SMALL_SPEC, 2),
    sampleRate: RATE,
    ...options,
  });
}

/** Renders `frames` frames at once. */
export function render(engine: Engine, frames: number): Float32Array {
  const out = new Float32Array(frames);
  engine.render(out);
  return out;
}

export function peakOf(samples: ArrayLike<number>, from = 0, to = samples.length): number {
  let peak = 0;
  for (let i = from; i < to; i++) peak = Math.max(peak, Math.abs(samples[i]!));
  return peak;
}

/** Largest difference between two signals. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}

/** Root of the mean square. */
export function rms(samples: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += samples[i]! ** 2;
  return Math.sqrt(sum / (to - from));
}
