/**
 * What the model is: its sizes and fixed constants, and nothing that is learned.
 *
 * `Spec` travels in the metadata of a weights file. `Weights` holds what was
 * learned, and the engine's `State` what changes while it plays.
 */

/** Version tag of weights files; readers refuse any other. */
export const MODEL_FORMAT = 'anypiano-model/5';

/** Lowest and highest MIDI note of a piano. */
export const FIRST_NOTE = 21;
export const NOTE_COUNT = 88;

/** Sizes in which the model comes: for a phone and for a laptop. Both play the same styles. */
export const TIERS = ['small', 'standard'] as const;
export type Tier = (typeof TIERS)[number];

export interface Spec {
  readonly format: typeof MODEL_FORMAT;
  /** Names the model, whatever its tier; styles refer to it. */
  readonly id: string;
  readonly tier: Tier;
  /** The model's own rate in Hz. */
  readonly sampleRate: number;
  /** Samples between two control updates; onsets inside a tick stay sample-accurate. */
  readonly tick: number;
  readonly style: { readonly size: number };
  readonly noteNetwork: {
    /** Columns of the learned matrix that a one-hot pitch selects from. */
    readonly pitchFeatures: number;
    readonly hidden: readonly number[];
  };
  readonly strings: {
    readonly partials: number;
    /** Largest natural logarithm by which the note network may move the rate of the attack. */
    readonly attackRange: number;
  };
  readonly noise: { readonly bands: number };
  readonly knock: KnockSpec;
  readonly waveNet: {
    /** Samples folded into the channels of one row. */
    readonly fold: number;
    readonly channels: number;
    /** One layer for each entry; kernel size is 2. */
    readonly dilations: readonly number[];
    /** Features h that each voice contributes to the conditioning. */
    readonly voiceFeatures: number;
    /** Time constants in seconds of the decays that multiply h. */
    readonly decaySeconds: readonly number[];
  };
  /** Where the WaveNet is a generator, sample by sample, and not a filter on strings and noise; its fold is 1 then. */
  readonly generator?: GeneratorSpec;
}

/** What is the same at each strike beside the strings; see `knock.ts`. */
export interface KnockSpec {
  /** Waveforms of which every knock is a mixture; 0 for none. */
  readonly waves: number;
  /** Samples in each of them, at the model's rate over `divisor`. */
  readonly samples: number;
  readonly divisor: number;
}

/** What a generator makes: what the strings leave, or all of the sound. */
export const GENERATED = ['residual', 'autoregressive'] as const;
export type Generated = (typeof GENERATED)[number];

export interface GeneratorSpec {
  readonly makes: Generated;
  /** Samples of the model's rate for each that is generated. */
  readonly divisor: number;
  /** Logistic distributions in the mixture of which each sample is drawn. */
  readonly components: number;
  /** Order of the filter that colours a residual as the noise bands say; 0 for none. */
  readonly colour: number;
}

export const DEFAULT_SPEC: Spec = {
  format: MODEL_FORMAT,
  id: 'anypiano-4',
  tier: 'standard',
  sampleRate: 48000,
  tick: 32,
  style: { size: 16 },
  noteNetwork: { pitchFeatures: 48, hidden: [256, 256, 256] },
  strings: { partials: 128, attackRange: 2.5 },
  noise: { bands: 80 },
  knock: { waves: 192, samples: 1024, divisor: 12 },
  waveNet: {
    fold: 4,
    channels: 16,
    dilations: [1, 2, 4, 8, 16, 32, 64, 1, 2, 4, 8, 16, 32, 64],
    voiceFeatures: 12,
    decaySeconds: [0.004, 0.02, 0.08, 0.6],
  },
};

/** The small tier has half of the partials and a WaveNet of a sixth of the size; the note network in front is the same. */
export const SPECS: Readonly<Record<Tier, Spec>> = {
  standard: DEFAULT_SPEC,
  small: {
    ...DEFAULT_SPEC,
    tier: 'small',
    strings: { ...DEFAULT_SPEC.strings, partials: 64 },
    waveNet: { ...DEFAULT_SPEC.waveNet, channels: 8, dilations: [1, 2, 4, 8, 16, 32, 64] },
  },
};

/** A receptive field of 43 ms. */
const ONE_STACK = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** Knocks are among what a generator makes. */
const NO_KNOCK: KnockSpec = { ...DEFAULT_SPEC.knock, waves: 0 };

/** Models whose WaveNet generates, at half of the model's rate; all else is as in the standard tier. */
export const GENERATOR_SPECS: Readonly<Record<Generated, Spec>> = {
  residual: {
    ...DEFAULT_SPEC,
    knock: NO_KNOCK,
    waveNet: { ...DEFAULT_SPEC.waveNet, fold: 1, channels: 24, dilations: ONE_STACK },
    generator: { makes: 'residual', divisor: 2, components: 2, colour: 24 },
  },
  autoregressive: {
    ...DEFAULT_SPEC,
    knock: NO_KNOCK,
    waveNet: { ...DEFAULT_SPEC.waveNet, fold: 1, channels: 32, dilations: ONE_STACK },
    generator: { makes: 'autoregressive', divisor: 2, components: 3, colour: 0 },
  },
};

/** Length of the note network's input: pitch features, velocity and its square, style. */
export function noteInputSize(spec: Spec): number {
  return spec.noteNetwork.pitchFeatures + 2 + spec.style.size;
}

/** Length of the note network's raw output; see `controls.ts` for the order. */
export function noteOutputSize(spec: Spec): number {
  return 5 * spec.strings.partials + 5 * spec.noise.bands + 1 + spec.waveNet.voiceFeatures + knockOutputs(spec);
}

/** Numbers of the note network's raw output that are the knock's: its level, and how much of each waveform. */
export function knockOutputs({ knock }: Spec): number {
  return knock.waves === 0 ? 0 : 1 + knock.waves;
}

/** Length of the WaveNet's conditioning: style, decayed voice features, sustain pedal. */
export function conditioningSize(spec: Spec): number {
  return spec.style.size + spec.waveNet.voiceFeatures * spec.waveNet.decaySeconds.length + 1;
}

/**
 * Numbers that condition the WaveNet. A generator, too, has style and decayed features, then the shape of the noise;
 * or style and keys, each with its velocity under each decay. It is not told of the pedal.
 */
export function waveNetConditioningSize(spec: Spec): number {
  const { decaySeconds, voiceFeatures } = spec.waveNet;
  if (spec.generator === undefined) return conditioningSize(spec);
  if (spec.generator.makes === 'residual') return spec.style.size + voiceFeatures * decaySeconds.length + shapeGroups(spec);
  return spec.style.size + NOTE_COUNT * decaySeconds.length;
}

/** Numbers that enter and leave one row of the WaveNet. */
export function waveNetWidths({ generator, waveNet }: Spec): { readonly inputs: number; readonly outputs: number } {
  if (generator === undefined) return { inputs: waveNet.fold, outputs: waveNet.fold };
  return { inputs: generator.makes === 'residual' ? 2 : 1, outputs: 3 * generator.components };
}

/** Noise bands that lie below half of the generator's rate, the lowest of all. */
export function generatedBands(spec: Spec): number {
  const highest = spec.sampleRate / (2 * spec.generator!.divisor);
  return noiseBands(spec).filter(({ centre, width }) => centre + width / 2 <= highest).length;
}

/** Bands of which one number of the conditioning tells the power. */
export const SHAPE_GROUP = 4;

/** Numbers that tell a generator the shape of the noise. */
export function shapeGroups(spec: Spec): number {
  return Math.floor(generatedBands(spec) / SHAPE_GROUP);
}

/** Rows of the past that reach one output row of the WaveNet. */
export function receptiveFieldRows(spec: Spec): number {
  return 1 + spec.waveNet.dilations.reduce((sum, dilation) => sum + dilation, 0);
}

export interface NoiseBand {
  /** Centre in Hz. */
  readonly centre: number;
  /** Spacing to the neighbours in Hz: the -3 dB width of the band. */
  readonly width: number;
}

/**
 * Bands of the noise generator: 46.875 Hz wide up to 1.5 kHz, where the knock
 * and the soundboard sound below a treble note, then in equal ratios to 20 kHz.
 */
export function noiseBands(spec: Spec): NoiseBand[] {
  const fine = 32;
  const width = 46.875;
  const coarse = spec.noise.bands - fine;
  const start = fine * width;
  const ratio = (20000 / start) ** (1 / coarse);
  const bands: NoiseBand[] = [];
  for (let b = 0; b < fine; b++) bands.push({ centre: (b + 0.5) * width, width });
  for (let b = 0; b < coarse; b++) {
    const low = start * ratio ** b;
    const high = low * ratio;
    bands.push({ centre: (low + high) / 2, width: high - low });
  }
  return bands;
}
