/** Runs on the audio thread: one block of the benchmark's WaveNet in each render quantum. */
import { KernelNetwork } from '../kernel-network.ts';
import { BLOCK_ROWS, SIGNAL_BLOCKS, benchmarkShape, benchmarkSignal } from '../workload.ts';
import { PROCESSOR_NAME, type ProcessorOptions } from './protocol.ts';

class KernelProcessor extends AudioWorkletProcessor {
  readonly #network: KernelNetwork;
  readonly #signal: ReturnType<typeof benchmarkSignal>;
  #quantum = 0;

  constructor(options: { processorOptions: ProcessorOptions }) {
    super();
    const { kernel, channels } = options.processorOptions;
    const shape = benchmarkShape(channels);
    this.#network = new KernelNetwork(new WebAssembly.Module(kernel), shape, 'block');
    this.#signal = benchmarkSignal(shape);
    this.port.postMessage('ready');
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]![0]!;
    if (output.length !== BLOCK_ROWS) throw new RangeError(`a render quantum has ${output.length} frames`);
    output.set(this.#network.block(this.#signal[this.#quantum % SIGNAL_BLOCKS]!));
    this.#quantum++;
    return true;
  }
}

registerProcessor(PROCESSOR_NAME, KernelProcessor);
