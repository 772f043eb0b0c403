/** The WaveNet decoder in the kernel: its memory, packed weights and queues. */
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';

/** Sizes of one network. */
export interface WaveNetShape {
  /** Samples of one row. */
  readonly fold: number;
  /** Any number; computed in multiples of 8. */
  readonly channels: number;
  readonly dilations: readonly number[];
  /** Length of the conditioning vector. */
  readonly conditioning: number;
}

/** As in `worklet/kernel/net.ts`. */
const RUN = 128;
const LARGEST_TILE = 6;
const NET_INTEGERS = 10;
const LAYER_INTEGERS = 8;
/** Index of `cursor` in a layer's integers. */
const CURSOR = 2;
/** The kernel's dense layers have outputs in multiples of this. */
const DENSE_TILE = 32;

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

interface LayerMemory {
  readonly queue: number;
  readonly capacity: number;
  readonly gateWeight: number;
  readonly residualWeight: number;
  readonly residualBias: number;
}

/**
 * One WaveNet with a queue for each dilation. Runs on any thread; only the constructor
 * and `load` allocate.
 *
 * ```ts
 * const layout = new Layout();
 * const net = new WaveNetKernel(layout, shape, 32);
 * net.load(new Kernel(module, layout), tensors);
 * net.condition();
 * net.input.set(samples);
 * net.run(32);
 * ```
 */
export class WaveNetKernel {
  readonly shape: WaveNetShape;
  /** Floats from one row of `output` to the next. */
  readonly outputStride: number;
  /** Conditioning vector that `condition` applies. */
  conditioning: Float32Array = new Float32Array(0);
  /** Rows of `fold` samples that `run` reads. */
  input: Float32Array = new Float32Array(0);
  /** Rows of `outputStride` floats that `run` writes, the first `fold` of each in use. */
  output: Float32Array = new Float32Array(0);

  readonly #rows: number;
  readonly #channels: number;
  readonly #gates: number;
  readonly #address: Record<
    | 'net' | 'layers' | 'inputWeight' | 'inputBias' | 'headWeight' | 'headBias' | 'skip' | 'activation'
    | 'conditioning' | 'conditioningWeight' | 'gateBias' | 'gates' | 'input' | 'output',
    number
  >;
  readonly #layers: readonly LayerMemory[];
  #kernel: Kernel | undefined;

  /** @param rows most rows that one `run` takes */
  constructor(layout: Layout, shape: WaveNetShape, rows: number) {
    this.shape = shape;
    this.#rows = rows;
    const c = (this.#channels = roundUp(shape.channels, 8));
    this.outputStride = roundUp(shape.fold, 4);
    this.#gates = roundUp(2 * c * shape.dilations.length, DENSE_TILE);
    this.#address = {
      net: layout.floats(NET_INTEGERS),
      layers: layout.floats(LAYER_INTEGERS * shape.dilations.length),
      inputWeight: layout.floats(shape.fold * c),
      inputBias: layout.floats(c),
      headWeight: layout.floats(c * this.outputStride),
      headBias: layout.floats(this.outputStride),
      skip: layout.floats(RUN * c),
      activation: layout.floats(LARGEST_TILE * c),
      conditioning: layout.floats(shape.conditioning),
      conditioningWeight: layout.floats(shape.conditioning * this.#gates),
      gateBias: layout.floats(this.#gates),
      gates: layout.floats(this.#gates),
      input: layout.floats(rows * shape.fold),
      output: layout.floats(rows * this.outputStride),
    };
    this.#layers = shape.dilations.map((dilation) => {
      // A queue slides its `dilation` rows back once in as many rows at least: one copy a row.
      const capacity = dilation + Math.max(dilation, RUN);
      return {
        capacity,
        queue: layout.floats(capacity * c),
        gateWeight: layout.floats(2 * c * 2 * c),
        residualWeight: layout.floats(c * c),
        residualBias: layout.floats(c),
      };
    });
  }

  /** Packs the tensors `wavenet.*` of `tensors.ts` into the kernel's memory; the queues are empty after it. */
  load(kernel: Kernel, tensors: ReadonlyMap<string, Float32Array>): void {
    this.#kernel = kernel;
    const { fold, channels, dilations, conditioning } = this.shape;
    const at = this.#address;
    const c = this.#channels;
    const tensor = (name: string): Float32Array => tensors.get(`wavenet.${name}`)!;
    this.conditioning = kernel.floats(at.conditioning, conditioning);
    this.input = kernel.floats(at.input, this.#rows * fold);
    this.output = kernel.floats(at.output, this.#rows * this.outputStride);
    kernel
      .integers(at.net, NET_INTEGERS)
      .set([c, fold, dilations.length, at.layers, at.inputWeight, at.inputBias, at.headWeight, at.headBias, at.skip, at.activation]);

    copyMatrix(tensor('input.weight'), channels, kernel.floats(at.inputWeight, fold * c), c);
    kernel.floats(at.inputBias, c).set(tensor('input.bias'));
    copyMatrix(halved(tensor('head.weight')), fold, kernel.floats(at.headWeight, c * this.outputStride), this.outputStride);
    kernel.floats(at.headBias, this.outputStride).set(tensor('head.bias'));

    const gateBias = kernel.floats(at.gateBias, this.#gates);
    const conditioningWeight = kernel.floats(at.conditioningWeight, conditioning * this.#gates);
    this.#layers.forEach((memory, layer) => {
      const firstGate = layer * 2 * c;
      kernel
        .integers(at.layers + 4 * LAYER_INTEGERS * layer, LAYER_INTEGERS)
        .set([
          dilations[layer]!, memory.capacity, dilations[layer]!, memory.queue, memory.gateWeight,
          at.gates + 4 * firstGate, memory.residualWeight, memory.residualBias,
        ]);
      const bias = tensor(`${layer}.conv.bias`);
      const shared = tensor(`${layer}.conditioning.weight`);
      for (let g = 0; g < 2 * channels; g++) {
        const column = firstGate + gateColumn(g, channels);
        const scale = gateScale(g, channels);
        gateBias[column] = scale * bias[g]!;
        for (let i = 0; i < conditioning; i++) conditioningWeight[i * this.#gates + column] = scale * shared[i * 2 * channels + g]!;
      }
      this.#packGates(tensor(`${layer}.conv.weight`), kernel.floats(memory.gateWeight, 4 * c * c));
      copyMatrix(halved(tensor(`${layer}.residual.weight`)), channels, kernel.floats(memory.residualWeight, c * c), c);
      kernel.floats(memory.residualBias, c).set(tensor(`${layer}.residual.bias`));
    });
    this.reset();
  }

  /** Applies `conditioning` to the rows that follow. */
  condition(): void {
    const at = this.#address;
    const { conditioning } = this.shape;
    this.#kernel!.call.dense(at.conditioning, conditioning, at.conditioningWeight, at.gateBias, at.gates, this.#gates, false);
  }

  /** Computes the first `rows` rows of `input` into `output` and moves the queues on. */
  run(rows: number): void {
    this.#kernel!.call.waveNet(this.#address.net, this.#address.input, this.#address.output, rows);
  }

  /** Empties the queues, as before the first row. */
  reset(): void {
    const kernel = this.#kernel!;
    this.#layers.forEach((memory, layer) => {
      kernel.floats(memory.queue, memory.capacity * this.#channels).fill(0);
      const dilation = this.shape.dilations[layer]!;
      kernel.integers(this.#address.layers + 4 * LAYER_INTEGERS * layer, LAYER_INTEGERS)[CURSOR] = dilation;
    });
  }

  /** `[2 channels][2 channels]` to `[tap and input][channel vector][tanh vector, sigmoid vector]`. */
  #packGates(weight: Float32Array, packed: Float32Array): void {
    const { channels } = this.shape;
    const c = this.#channels;
    for (let tap = 0; tap < 2; tap++) {
      for (let i = 0; i < channels; i++) {
        for (let g = 0; g < 2 * channels; g++) {
          packed[(tap * c + i) * 2 * c + gateColumn(g, channels)] = gateScale(g, channels) * weight[(tap * channels + i) * 2 * channels + g]!;
        }
      }
    }
  }

}

/** Where column g of a layer's `2 channels` gates, tanh before sigmoid, stands in the kernel's order. */
function gateColumn(g: number, channels: number): number {
  const channel = g % channels;
  const sigmoid = g < channels ? 0 : 4;
  return Math.floor(channel / 4) * 8 + sigmoid + (channel % 4);
}

/** The kernel's gates take half of the sigmoid's input ... */
function gateScale(g: number, channels: number): number {
  return g < channels ? 1 : 0.5;
}

/** ... and give twice the activation: what follows them has half the weights. Powers of two change no digit. */
function halved(weight: Float32Array): Float32Array {
  return weight.map((w) => 0.5 * w);
}

/** Copies rows of `width` values into rows of `paddedWidth`. */
function copyMatrix(from: Float32Array, width: number, to: Float32Array, paddedWidth: number): void {
  for (let row = 0; row * width < from.length; row++) {
    to.set(from.subarray(row * width, (row + 1) * width), row * paddedWidth);
  }
}
