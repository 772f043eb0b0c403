/** The benchmark's WaveNet in ONNX Runtime; in the browser and in Node, whose packages have one interface. */
import type { Network } from '../network.ts';
import { BLOCK_ROWS, benchmarkShape, type Block } from '../workload.ts';

interface Tensor {
  readonly data: Float32Array;
}

type Tensors = Readonly<Record<string, Tensor>>;

interface Session {
  run(feeds: Tensors, fetches?: Tensors): Promise<Tensors>;
}

/** What `onnxruntime-node` and `onnxruntime-web` export, as far as it is used here. */
export interface OnnxRuntime {
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => Tensor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
}

export interface OnnxOptions {
  readonly provider: 'cpu' | 'wasm';
  /** Whether `run` writes into given tensors, which is quicker; `onnxruntime-web` does not on the CPU. */
  readonly outputsHavePlaces: boolean;
}

export class OnnxNetwork implements Network {
  readonly #session: Session;
  readonly #start: Tensor;
  readonly #x: Tensor;
  readonly #conditioning: Tensor;
  /** For blocks of even and odd number, as one's output is the next one's input. */
  readonly #places: readonly Tensors[] = [];
  #past: Tensor;
  #blocks = 0;

  private constructor({ Tensor }: OnnxRuntime, session: Session, channels: number, start: Float32Array, places: boolean) {
    const tensor = (rows: number, columns: number, data: Float32Array = new Float32Array(rows * columns)): Tensor => new Tensor('float32', data, [rows, columns]);
    const pastRows = start.length / channels;
    this.#session = session;
    this.#start = tensor(pastRows, channels, start);
    this.#past = this.#start;
    this.#x = tensor(BLOCK_ROWS, 1);
    this.#conditioning = tensor(1, benchmarkShape(channels).conditioning);
    if (places) this.#places = [0, 1].map(() => ({ y: tensor(BLOCK_ROWS, 1), next: tensor(pastRows, channels) }));
  }

  /**
   * Compiles a model of `onnx-model.ts` for one thread.
   *
   * @param start state before the first block
   */
  static async create(
    runtime: OnnxRuntime,
    model: Uint8Array,
    channels: number,
    start: Float32Array,
    { provider, outputsHavePlaces }: OnnxOptions,
  ): Promise<OnnxNetwork> {
    const session = await runtime.InferenceSession.create(model, {
      executionProviders: [provider],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
    });
    return new OnnxNetwork(runtime, session, channels, start, outputsHavePlaces);
  }

  reset(): void {
    this.#past = this.#start;
  }

  async block({ input, conditioning }: Block): Promise<Float32Array> {
    this.#x.data.set(input);
    this.#conditioning.data.set(conditioning);
    const feeds = { x: this.#x, conditioning: this.#conditioning, past: this.#past };
    const { y, next } = await this.#session.run(feeds, this.#places[this.#blocks++ % 2]);
    this.#past = next!;
    return y!.data;
  }
}
