/**
 * What the model is: its sizes and fixed constants, and nothing that is learned.
 *
 * `Spec` travels in the metadata of a weights file. `Weights` holds what was
 * learned, and the engine's `State` what changes while it plays.
 */

/** Version tag of weights files; readers refuse any other. */
export const MODEL_FORMAT = 'anypiano-model/2';

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
  readonly strings: { readonly partials: number };
  readonly noise: { readonly bands: number };
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
}

export const DEFAULT_SPEC: Spec = {
  format: MODEL_FORMAT,
  id: 'anypiano-4',
  tier: 'standard',
  sampleRate: 48000,
  tick: 32,
  style: { size: 16 },
  noteNetwork: { pitchFeatures: 48, hidden: [256, 256, 256] },
  strings: { partials: 128 },
  noise: { bands: 80 },
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
    strings: { partials: 64 },
    waveNet: { ...DEFAULT_SPEC.waveNet, channels: 8, dilations: [1, 2, 4, 8, 16, 32, 64] },
  },
};

/** Length of the note network's input: pitch features, velocity and its square, style. */
export function noteInputSize(spec: Spec): number {
  return spec.noteNetwork.pitchFeatures + 2 + spec.style.size;
}

/** Length of the note network's raw output; see `controls.ts` for the order. */
export function noteOutputSize(spec: Spec): number {
  return 5 * spec.strings.partials + 4 * spec.noise.bands + 1 + spec.waveNet.voiceFeatures;
}

/** Length of the WaveNet's conditioning: style, decayed voice features, sustain pedal. */
export function conditioningSize(spec: Spec): number {
  return spec.style.size + spec.waveNet.voiceFeatures * spec.waveNet.decaySeconds.length + 1;
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
