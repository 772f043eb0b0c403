/** The note network in the kernel: once per strike, from pitch, velocity and style to raw controls. */
import { FIRST_NOTE, NOTE_COUNT, noteInputSize, noteOutputSize, type Spec } from '../../model/spec.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';

/** The kernel's dense layers have outputs in multiples of this. */
const DENSE_TILE = 32;

interface LayerMemory {
  readonly inputs: number;
  readonly outputs: number;
  /** `outputs` rounded up to the kernel's tile; weights beyond are zero. */
  readonly paddedOutputs: number;
  readonly weight: number;
  readonly bias: number;
  readonly output: number;
}

/** Only the constructor, `attach` and `load` allocate. */
export class NoteNetwork {
  readonly #pitchFeatures: number;
  readonly #pitchAddress: number;
  readonly #inputAddress: number;
  readonly #layers: readonly LayerMemory[];
  #kernel: Kernel | undefined;
  /** `[88][pitchFeatures]` */
  #pitch: Float32Array = new Float32Array(0);
  #input: Float32Array = new Float32Array(0);
  #raw: Float32Array = new Float32Array(0);

  constructor(layout: Layout, spec: Spec) {
    this.#pitchFeatures = spec.noteNetwork.pitchFeatures;
    this.#pitchAddress = layout.floats(NOTE_COUNT * this.#pitchFeatures);
    const widths = [noteInputSize(spec), ...spec.noteNetwork.hidden, noteOutputSize(spec)];
    this.#inputAddress = layout.floats(widths[0]!);
    this.#layers = widths.slice(1).map((outputs, i) => {
      const inputs = widths[i]!;
      const paddedOutputs = Math.ceil(outputs / DENSE_TILE) * DENSE_TILE;
      return {
        inputs,
        outputs,
        paddedOutputs,
        weight: layout.floats(inputs * paddedOutputs),
        bias: layout.floats(paddedOutputs),
        output: layout.floats(paddedOutputs),
      };
    });
  }

  /** Takes its part of the kernel's memory as it is. */
  attach(kernel: Kernel): void {
    const last = this.#layers.at(-1)!;
    this.#kernel = kernel;
    this.#pitch = kernel.floats(this.#pitchAddress, NOTE_COUNT * this.#pitchFeatures);
    this.#input = kernel.floats(this.#inputAddress, this.#layers[0]!.inputs);
    this.#raw = kernel.floats(last.output, last.outputs);
  }

  /** Copies the tensors `note.*` of `tensors.ts` into the kernel's memory. */
  load(kernel: Kernel, tensors: ReadonlyMap<string, Float32Array>): void {
    this.attach(kernel);
    this.#pitch.set(tensors.get('note.pitch')!);
    this.#layers.forEach(({ inputs, outputs, paddedOutputs, weight, bias }, i) => {
      const from = tensors.get(`note.${i}.weight`)!;
      const to = kernel.floats(weight, inputs * paddedOutputs);
      for (let row = 0; row < inputs; row++) to.set(from.subarray(row * outputs, (row + 1) * outputs), row * paddedOutputs);
      kernel.floats(bias, outputs).set(tensors.get(`note.${i}.bias`)!);
    });
  }

  /**
   * Raw output for one strike, `noteOutputSize(spec)` values; the next call overwrites it.
   *
   * @param velocity 0..1, @param embedding style embedding z
   */
  run(note: number, velocity: number, embedding: Float32Array): Float32Array {
    const width = this.#pitchFeatures;
    const row = (note - FIRST_NOTE) * width;
    for (let i = 0; i < width; i++) this.#input[i] = this.#pitch[row + i]!;
    this.#input[width] = velocity;
    this.#input[width + 1] = velocity * velocity;
    this.#input.set(embedding, width + 2);
    let x = this.#inputAddress;
    for (let i = 0; i < this.#layers.length; i++) {
      const layer = this.#layers[i]!;
      const hidden = i + 1 < this.#layers.length;
      this.#kernel!.call.dense(x, layer.inputs, layer.weight, layer.bias, layer.output, layer.paddedOutputs, hidden);
      x = layer.output;
    }
    return this.#raw;
  }
}
