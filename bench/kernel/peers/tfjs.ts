/** TensorFlow.js in the browser: its WebAssembly backend, SIMD, one thread. */
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { Network } from '../network.ts';
import { BLOCK_ROWS, benchmarkShape, benchmarkTensors, type Block } from '../workload.ts';

interface Layer {
  readonly dilation: number;
  /** [2 channels, channels] each: past tap, then current tap. */
  readonly tanh: tf.Tensor2D;
  readonly sigmoid: tf.Tensor2D;
  readonly residual: tf.Tensor2D;
  readonly residualBias: tf.Tensor1D;
}

/**
 * Matrix products on rows. That is faster here by a sixth than Conv with
 * dilation, and so are two products with their gates fused against one for
 * both. tanh a = 2 sigmoid(2a) - 1, as only the sigmoid has SIMD: the first
 * factor 2 stands in what reads the activations, the other in the weights.
 */
class TfjsNetwork implements Network {
  readonly #channels: number;
  readonly #layers: readonly Layer[];
  readonly #inputWeight: tf.Tensor2D;
  readonly #inputBias: tf.Tensor1D;
  readonly #headWeight: tf.Tensor2D;
  readonly #headBias: tf.Tensor1D;
  /** Of all layers side by side. */
  readonly #conditioningWeight: tf.Tensor2D;
  readonly #gateBias: tf.Tensor1D;
  /** Past rows of each layer: one tensor, or a queue of blocks where the dilation is a block or more. */
  #past: tf.Tensor2D[][] = [];

  constructor(channels: number) {
    const shape = benchmarkShape(channels);
    const tensors = benchmarkTensors(shape);
    const matrix = (name: string): tf.Tensor2D => {
      const data = tensors.get(`wavenet.${name}`)!;
      const columns = name.startsWith('input') || name.includes('residual') ? channels : name.startsWith('head') ? 1 : 2 * channels;
      return tf.tensor2d(data, [data.length / columns, columns]);
    };
    const bias = (name: string): tf.Tensor1D => tf.tensor1d(tensors.get(`wavenet.${name}`)!);
    // Tanh columns come before sigmoid columns.
    const doubled = tf.concat1d([tf.fill([channels], 2), tf.fill([channels], 1)]);
    this.#channels = channels;
    this.#layers = shape.dilations.map((dilation, i) => {
      const [tanh, sigmoid] = tf.split<tf.Tensor2D>(tf.mul(matrix(`${i}.conv.weight`), doubled), 2, 1);
      const residual = tf.mul<tf.Tensor2D>(matrix(`${i}.residual.weight`), 2);
      return { dilation, tanh: tanh!, sigmoid: sigmoid!, residual, residualBias: bias(`${i}.residual.bias`) };
    });
    this.#inputWeight = matrix('input.weight');
    this.#inputBias = bias('input.bias');
    this.#headWeight = tf.mul(matrix('head.weight'), 2);
    this.#headBias = bias('head.bias');
    const every = <T extends tf.Tensor>(part: (layer: number) => T): T[] => this.#layers.map((_, i) => tf.mul<T>(part(i), doubled));
    this.#conditioningWeight = tf.concat2d(every((i) => matrix(`${i}.conditioning.weight`)), 1);
    this.#gateBias = tf.concat1d(every((i) => bias(`${i}.conv.bias`)));
  }

  reset(): void {
    tf.dispose(this.#past);
    this.#past = this.#layers.map(({ dilation }) =>
      dilation < BLOCK_ROWS
        ? [tf.zeros<tf.Rank.R2>([dilation, this.#channels])]
        : Array.from({ length: dilation / BLOCK_ROWS }, () => tf.zeros<tf.Rank.R2>([BLOCK_ROWS, this.#channels])),
    );
  }

  block(block: Block): Float32Array {
    const { y, next } = tf.tidy(() => this.#compute(block));
    const kept = new Set(next.flat());
    for (const tensor of this.#past.flat()) if (!kept.has(tensor)) tensor.dispose();
    this.#past = next;
    const samples = y.dataSync<'float32'>();
    y.dispose();
    return samples;
  }

  #compute({ input, conditioning }: Block): { y: tf.Tensor; next: tf.Tensor2D[][] } {
    const dense = (a: tf.Tensor2D, b: tf.Tensor2D, bias: tf.Tensor, activation: 'linear' | 'sigmoid' = 'linear'): tf.Tensor2D =>
      tf.fused.matMul({ a, b, bias, activation }) as tf.Tensor2D;
    const vector = dense(tf.tensor2d(conditioning, [1, conditioning.length]), this.#conditioningWeight, this.#gateBias);
    const biases = tf.split(tf.reshape(vector, [-1]), 2 * this.#layers.length);
    let h = dense(tf.tensor2d(input, [BLOCK_ROWS, 1]), this.#inputWeight, this.#inputBias);
    const activations: tf.Tensor2D[] = [];
    const next = this.#layers.map(({ dilation, tanh, sigmoid, residual, residualBias }, i) => {
      let past = this.#past[i]![0]!;
      const queue = this.#past[i]!.slice(1);
      if (dilation < BLOCK_ROWS) {
        const split = BLOCK_ROWS - dilation;
        past = tf.concat2d([past, tf.slice2d(h, [0, 0], [split, this.#channels])], 0);
        queue.push(tf.slice2d(h, [split, 0], [dilation, this.#channels]));
      } else queue.push(h);
      const taps = tf.concat2d([past, h], 1);
      const half = tf.sub(dense(taps, tanh, biases[2 * i]!, 'sigmoid'), 0.5);
      const activation = tf.mul<tf.Tensor2D>(half, dense(taps, sigmoid, biases[2 * i + 1]!, 'sigmoid'));
      activations.push(activation);
      if (i < this.#layers.length - 1) h = tf.add(dense(activation, residual, residualBias), h);
      return queue;
    });
    return { y: dense(tf.addN(activations), this.#headWeight, this.#headBias), next };
  }
}

export async function createNetwork(channels: number): Promise<Network> {
  tf.enableProdMode();
  // The page is isolated, and threads would be there to take.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths('/peers/');
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js: its WebAssembly backend does not start');
  return new TfjsNetwork(channels);
}
