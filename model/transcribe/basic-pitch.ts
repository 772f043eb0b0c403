/**
 * Basic Pitch (Bittner et al. 2022, "A lightweight instrument-agnostic model for polyphonic note transcription
 * and multipitch estimation"): a recording in, the likelihood of each key at each frame out. Its weights come
 * with the package `@spotify/basic-pitch`, Apache-2.0.
 */
import * as tf from '@tensorflow/tfjs-core';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';

/** Hz of the recordings that the network hears. */
export const RATE = 22050;
/** Samples between two frames. */
const HOP = 256;
/** Samples of one window, and between two: they overlap by 30 frames, of which each gives half away. */
const WINDOW = 2 * RATE - HOP;
const EDGE = 15;
const STEP = WINDOW - 2 * EDGE * HOP;
/** Frames that a window keeps. They cover a little more time than lies between two windows. */
export const FRAMES = 142;
/** Windows that run at once. */
const BATCH = 8;
const KEYS = 88;

/** Likelihoods 0..1, `[frames][88 keys]` from A0 on. */
export interface Activations {
  readonly frames: number[][];
  readonly onsets: number[][];
}

export class BasicPitch {
  readonly #model: GraphModel;

  private constructor(model: GraphModel) {
    this.#model = model;
  }

  /** Starts from the package's own files; a TensorFlow.js backend has to be ready. @param files what `model.json` holds, and its weights */
  static async create(files: BasicPitchFiles): Promise<BasicPitch> {
    const { modelTopology, weightsManifest } = files.model;
    const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
    return new BasicPitch(await loadGraphModel({ load: () => Promise.resolve({ modelTopology, weightSpecs, weightData: files.weights }) }));
  }

  dispose(): void {
    this.#model.dispose();
  }

  /** Windows that a recording of `samples` samples fills. */
  static windows(samples: number): number {
    return Math.ceil(samples / STEP);
  }

  /** Second at which a window starts. */
  static start(window: number): number {
    return (window * STEP) / RATE;
  }

  /** Seconds from the start of a window to frame `frame` of it and of those that follow. */
  static seconds(frame: number): number {
    return (Math.floor(frame / FRAMES) * STEP + (frame % FRAMES) * HOP) / RATE;
  }

  /** Samples of a recording that windows `from` to `to` cover; the first may lie before it, the last behind it. */
  static span(from: number, to: number): [from: number, to: number] {
    return [from * STEP - EDGE * HOP, (to - 1) * STEP - EDGE * HOP + WINDOW];
  }

  /**
   * What is heard in windows `from` to `to` of a recording; outside of what is known of it lies silence.
   *
   * @param known mono at `RATE`, from sample `origin` of the recording on
   * @returns `(to - from) * FRAMES` frames
   */
  async listen(known: Float32Array, origin: number, from: number, to: number): Promise<Activations> {
    const frames: number[][] = [];
    const onsets: number[][] = [];
    for (let first = from; first < to; first += BATCH) {
      const count = Math.min(BATCH, to - first);
      const sound = new Float32Array(count * WINDOW);
      for (let i = 0; i < count; i++) {
        const start = BasicPitch.span(first + i, first + i + 1)[0] - origin;
        sound.set(known.subarray(Math.max(0, start), Math.max(0, start + WINDOW)), i * WINDOW + Math.max(0, -start));
      }
      const [heard, struck] = tf.tidy(() => {
        const input = tf.tensor3d(sound, [count, WINDOW, 1]);
        const outputs = this.#model.execute(input, ['Identity_1', 'Identity_2']) as tf.Tensor3D[];
        return outputs.map((output) => tf.slice3d(output, [0, EDGE, 0], [count, FRAMES, KEYS]).reshape([count * FRAMES, KEYS])) as tf.Tensor2D[];
      }) as [tf.Tensor2D, tf.Tensor2D];
      frames.push(...(await heard.array()));
      onsets.push(...(await struck.array()));
      tf.dispose([heard, struck]);
    }
    return { frames, onsets };
  }
}

/** The package's files. */
export interface BasicPitchFiles {
  readonly model: {
    readonly modelTopology: object;
    readonly weightsManifest: readonly { readonly weights: tf.io.WeightsManifestEntry[] }[];
  };
  readonly weights: ArrayBuffer;
}
