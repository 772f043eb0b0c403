/**
 * What the model is: its sizes and fixed constants, and nothing that is learned.
 *
 * `Spec` travels in the metadata of a weights file. `Weights` holds what was
 * learned, and the engine's `State` what changes while it plays.
 */

/** Version tag of weights files; readers refuse any other. */
export const MODEL_FORMAT = 'anypiano-model/1';

/** Lowest and highest MIDI note of a piano. */
export const FIRST_NOTE = 21;
export const NOTE_COUNT = 88;

export interface Spec {
  readonly format: typeof MODEL_FORMAT;
  /** Names the weights; styles refer to it. */
  readonly id: string;
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
  id: 'anypiano-2',
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
    voiceFeatures: 8,
    decaySeconds: [0.01, 0.08, 0.6],
  },
};

/** Length of the note network's input: pitch features, velocity and its square, style. */
export function noteInputSize(spec: Spec): number {
  return spec.noteNetwork.pitchFeatures + 2 + spec.style.size;
}

/** Length of the note network's raw output; see `controls.ts` for the order. */
export function noteOutputSize(spec: Spec): number {
  return 4 * spec.strings.partials + 4 * spec.noise.bands + 1 + spec.waveNet.voiceFeatures;
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
