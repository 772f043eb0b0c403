/** The benchmark's WaveNet in our kernel; in the browser, on the page and on the audio thread. */
import type { WaveNetShape } from '../../model/wavenet-shape.ts';
import { Kernel } from '../../worklet/engine/kernel.ts';
import { Layout } from '../../worklet/engine/layout.ts';
import { WaveNetKernel } from '../../worklet/engine/wavenet.ts';
import type { Network } from './network.ts';
import { BLOCK_ROWS, benchmarkTensors, type Block } from './workload.ts';

/** `block` computes a block at once, `sample` row by row, as an autoregressive network has to. */
export type Mode = 'block' | 'sample';

export class KernelNetwork implements Network {
  readonly #net: WaveNetKernel;
  readonly #mode: Mode;
  readonly #output = new Float32Array(BLOCK_ROWS);

  constructor(module: WebAssembly.Module, shape: WaveNetShape, mode: Mode) {
    const layout = new Layout();
    this.#mode = mode;
    this.#net = new WaveNetKernel(layout, shape, BLOCK_ROWS);
    this.#net.load(new Kernel(module, layout), benchmarkTensors(shape));
  }

  reset(): void {
    this.#net.reset();
  }

  block({ input, conditioning }: Block): Float32Array {
    const net = this.#net;
    net.conditioning.set(conditioning);
    net.condition();
    if (this.#mode === 'block') {
      net.input.set(input);
      net.run(BLOCK_ROWS);
      for (let row = 0; row < BLOCK_ROWS; row++) this.#output[row] = net.output[row * net.outputStride]!;
    } else {
      for (let row = 0; row < BLOCK_ROWS; row++) {
        net.input[0] = input[row]!;
        net.run(1);
        this.#output[row] = net.output[0]!;
      }
    }
    return this.#output;
  }
}
