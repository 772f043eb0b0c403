/** The note network in the kernel: once per strike, from pitch, velocity and style to raw controls. */
import { FIRST_NOTE, NOTE_COUNT, noteInputSize, noteOutputSize, type Spec } from '../../model/spec.ts';
import { DENSE_TILE, denseIndex, paddedOutputs } from './dense-weights.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';

/** Groups of raw controls at the start of the output that have one for each partial: see `RawOffsets`. */
const GROUPS_OF_PARTIALS = 5;

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
  readonly #partials: number;
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
    this.#partials = spec.strings.partials;
    this.#pitchAddress = layout.floats(NOTE_COUNT * this.#pitchFeatures);
    const widths = [noteInputSize(spec), ...spec.noteNetwork.hidden, noteOutputSize(spec)];
    this.#inputAddress = layout.floats(widths[0]!);
    this.#layers = widths.slice(1).map((outputs, i) => {
      const inputs = widths[i]!;
      const padded = paddedOutputs(outputs);
      return {
        inputs,
        outputs,
        paddedOutputs: padded,
        weight: layout.floats(inputs * padded),
        bias: layout.floats(padded),
        output: layout.floats(padded),
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
    this.#layers.forEach(({ inputs, outputs, paddedOutputs: padded, weight, bias }, i) => {
      const from = tensors.get(`note.${i}.weight`)!;
      const to = kernel.floats(weight, inputs * padded);
      for (let input = 0; input < inputs; input++) {
        for (let output = 0; output < outputs; output++) to[denseIndex(inputs, input, output)] = from[input * outputs + output]!;
      }
      kernel.floats(bias, outputs).set(tensors.get(`note.${i}.bias`)!);
    });
  }

  /**
   * Raw output for one strike, `noteOutputSize(spec)` values, of which those of partials from `partials` on
   * need not be right; the next call overwrites it.
   *
   * @param velocity 0..1, @param embedding style embedding z
   */
  run(note: number, velocity: number, embedding: Float32Array, partials: number): Float32Array {
    const width = this.#pitchFeatures;
    const row = (note - FIRST_NOTE) * width;
    for (let i = 0; i < width; i++) this.#input[i] = this.#pitch[row + i]!;
    this.#input[width] = velocity;
    this.#input[width + 1] = velocity * velocity;
    this.#input.set(embedding, width + 2);
    let x = this.#inputAddress;
    const last = this.#layers.length - 1;
    for (let i = 0; i < last; i++) {
      const layer = this.#layers[i]!;
      this.#dense(layer, x, 0, layer.paddedOutputs, true);
      x = layer.output;
    }
    this.#heard(this.#layers[last]!, x, partials);
    return this.#raw;
  }

  /** The last layer, without the tiles that only hold partials which are not heard. */
  #heard(layer: LayerMemory, x: number, partials: number): void {
    const k = this.#partials;
    let from = 0;
    for (let at = 0; at < GROUPS_OF_PARTIALS * k; at += DENSE_TILE) {
      if (at % k < partials || (at % k) + DENSE_TILE > k) continue;
      if (at > from) this.#dense(layer, x, from, at, false);
      from = at + DENSE_TILE;
    }
    this.#dense(layer, x, from, layer.paddedOutputs, false);
  }

  /** Outputs `from` to `to` of a layer, both multiples of the tile. */
  #dense(layer: LayerMemory, x: number, from: number, to: number, activate: boolean): void {
    const { inputs, weight, bias, output } = layer;
    const { dense } = this.#kernel!.call;
    dense(x, inputs, weight + 4 * from * inputs, bias + 4 * from, output + 4 * from, to - from, activate);
  }
}
