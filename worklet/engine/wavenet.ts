/** The WaveNet decoder in the kernel: its memory, packed weights and queues. */
import type { WaveNetShape } from '../../model/wavenet-shape.ts';
import { denseIndex, paddedOutputs } from './dense-weights.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import { pairVectors, unpairVectors } from './paired-weights.ts';
import { copyMatrix, gateColumn, gateScale, halved, packGates } from './wavenet-packing.ts';

/** As in `worklet/kernel/net.ts`. */
const RUN = 128;
const LARGEST_TILE = 6;
const NET_INTEGERS = 11;
const LAYER_INTEGERS = 10;
/** Index of `cursor` in a layer's integers. */
const CURSOR = 2;

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

interface LayerMemory {
  readonly queue: number;
  readonly capacity: number;
  readonly gateWeight: number;
  readonly residualWeight: number;
  readonly residualBias: number;
  /** Both 0 without paired weights. */
  readonly pairedGateWeight: number;
  readonly pairedResidualWeight: number;
}

/**
 * One WaveNet with a queue for each dilation. Runs on any thread; only the constructor,
 * `attach` and `load` allocate.
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
  /** Rows of `inputs` numbers that `run` reads. */
  input: Float32Array = new Float32Array(0);
  /** Rows of `outputStride` floats that `run` writes, the first `outputs` of each in use. */
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
    this.outputStride = roundUp(shape.outputs, 4);
    this.#gates = paddedOutputs(2 * c * shape.dilations.length);
    this.#address = {
      net: layout.floats(NET_INTEGERS),
      layers: layout.floats(LAYER_INTEGERS * shape.dilations.length),
      inputWeight: layout.floats(shape.inputs * c),
      inputBias: layout.floats(c),
      headWeight: layout.floats(c * this.outputStride),
      headBias: layout.floats(this.outputStride),
      skip: layout.floats(RUN * c),
      activation: layout.floats(LARGEST_TILE * c),
      conditioning: layout.floats(shape.conditioning),
      conditioningWeight: layout.floats(shape.conditioning * this.#gates),
      gateBias: layout.floats(this.#gates),
      gates: layout.floats(this.#gates),
      input: layout.floats(rows * shape.inputs),
      output: layout.floats(rows * this.outputStride),
    };
    const paired = shape.weights === 'paired';
    if (paired && c !== shape.channels) throw new Error(`a WaveNet of ${shape.channels} channels has no paired weights: they come by eights`);
    // All in a row, as that is how the processor fetches them ahead.
    const pairs = shape.dilations.map(() => ({
      pairedGateWeight: paired ? layout.floats(2 * c * c) : 0,
      pairedResidualWeight: paired ? layout.floats((c * c) / 2) : 0,
    }));
    this.#layers = shape.dilations.map((dilation, layer) => {
      // A queue slides its `dilation` rows back once in as many rows at least: one copy a row.
      const capacity = dilation + Math.max(dilation, RUN);
      return {
        capacity,
        queue: layout.floats(capacity * c),
        gateWeight: layout.floats(2 * c * 2 * c),
        residualWeight: layout.floats(c * c),
        residualBias: layout.floats(c),
        ...pairs[layer]!,
      };
    });
  }

  /** Takes its part of the kernel's memory as it is. */
  attach(kernel: Kernel): void {
    const at = this.#address;
    this.#kernel = kernel;
    this.conditioning = kernel.floats(at.conditioning, this.shape.conditioning);
    this.input = kernel.floats(at.input, this.#rows * this.shape.inputs);
    this.output = kernel.floats(at.output, this.#rows * this.outputStride);
  }

  /**
   * Packs the tensors `wavenet.*` of `tensors.ts` into the kernel's memory; the queues are empty after it.
   *
   * @throws Error where `shape.weights` is `paired` and the tensors are not rounded to pairs
   */
  load(kernel: Kernel, tensors: ReadonlyMap<string, Float32Array>): void {
    this.attach(kernel);
    const { inputs, outputs, channels, dilations, conditioning } = this.shape;
    const at = this.#address;
    const c = this.#channels;
    const tensor = (name: string): Float32Array => tensors.get(`wavenet.${name}`)!;
    kernel
      .integers(at.net, NET_INTEGERS)
      .set([c, inputs, outputs, dilations.length, at.layers, at.inputWeight, at.inputBias, at.headWeight, at.headBias, at.skip, at.activation]);

    copyMatrix(tensor('input.weight'), channels, kernel.floats(at.inputWeight, inputs * c), c);
    kernel.floats(at.inputBias, c).set(tensor('input.bias'));
    copyMatrix(halved(tensor('head.weight')), outputs, kernel.floats(at.headWeight, c * this.outputStride), this.outputStride);
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
          memory.pairedGateWeight, memory.pairedResidualWeight,
        ]);
      const bias = tensor(`${layer}.conv.bias`);
      const shared = tensor(`${layer}.conditioning.weight`);
      for (let g = 0; g < 2 * channels; g++) {
        const column = firstGate + gateColumn(g, channels);
        const scale = gateScale(g, channels);
        gateBias[column] = scale * bias[g]!;
        for (let i = 0; i < conditioning; i++) conditioningWeight[denseIndex(conditioning, i, column)] = scale * shared[i * 2 * channels + g]!;
      }
      const gateWeight = kernel.floats(memory.gateWeight, 4 * c * c);
      packGates(tensor(`${layer}.conv.weight`), channels, c, gateWeight);
      const residualWeight = kernel.floats(memory.residualWeight, c * c);
      copyMatrix(halved(tensor(`${layer}.residual.weight`)), channels, residualWeight, c);
      if (this.shape.weights === 'paired') {
        loadPairs(gateWeight, kernel.integers(memory.pairedGateWeight, 2 * c * c));
        loadPairs(residualWeight, kernel.integers(memory.pairedResidualWeight, (c * c) / 2));
      }
      kernel.floats(memory.residualBias, c).set(tensor(`${layer}.residual.bias`));
    });
    this.reset();
  }

  /** Addresses in bytes of the network, its first input row and its first output row. */
  get address(): { readonly net: number; readonly input: number; readonly output: number } {
    return this.#address;
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
}

/** @throws Error where pairs do not hold these weights exactly */
function loadPairs(weights: Float32Array, to: Int32Array): void {
  const words = new Uint32Array(to.length);
  pairVectors(weights, words);
  const held = new Float32Array(weights.length);
  unpairVectors(words, held);
  if (weights.some((w, i) => w !== held[i])) throw new Error('the weights of this WaveNet are not rounded to pairs');
  to.set(words);
}
