/** How long a sample takes from the queues, and how long where the whole receptive field is computed for each: the same kernel. */
import type { WaveNetShape } from '../../model/wavenet-shape.ts';
import { Generator } from '../../worklet/engine/generator.ts';
import { Kernel } from '../../worklet/engine/kernel.ts';
import { Layout } from '../../worklet/engine/layout.ts';
import { WaveNetKernel } from '../../worklet/engine/wavenet.ts';
import { benchmarkTensors } from '../kernel/workload.ts';

export interface FieldTimes {
  /** Samples of the receptive field. */
  readonly field: number;
  /** Seconds a sample. */
  readonly queues: number;
  readonly naive: number;
}

const CHANNELS = 24;
const COMPONENTS = 2;
const CONDITIONING = 16;
/** Samples of one run of the generator. */
const RUN = 64;
/** Each figure is the best of some runs that last about this long. */
const SECONDS = 0.05;
const RUNS = 5;

function shapeOf(layers: number): WaveNetShape {
  const dilations = Array.from({ length: layers }, (_, i) => 2 ** i);
  return { inputs: 1, outputs: 3 * COMPONENTS, channels: CHANNELS, dilations, conditioning: CONDITIONING, weights: 'paired' };
}

/** Processor seconds of one call of `run`, the best of some stretches: other programs on the machine do not count. */
function secondsOf(run: () => void): number {
  run();
  let best = Infinity;
  for (let i = 0; i < RUNS; i++) {
    let calls = 0;
    const start = process.cpuUsage();
    let seconds: number;
    do {
      run();
      calls++;
      seconds = process.cpuUsage(start).user / 1e6;
    } while (seconds < SECONDS);
    best = Math.min(best, seconds / calls);
  }
  return best;
}

/** Measures a stack of `layers` layers, dilations 1, 2, 4, ... */
export function measureField(module: WebAssembly.Module, layers: number): FieldTimes {
  const shape = shapeOf(layers);
  const field = 2 ** layers;
  const tensors = benchmarkTensors(shape);
  const layout = new Layout();
  const generator = new Generator(layout, shape, RUN, 1);
  // The naive way has the faster block mode, as its rows are all known.
  const whole = new WaveNetKernel(layout, shape, field);
  const kernel = new Kernel(module, layout);
  generator.load(kernel, tensors);
  whole.load(kernel, tensors);
  generator.condition();
  whole.condition();
  return { field, queues: secondsOf(() => void generator.run(RUN)) / RUN, naive: secondsOf(() => whole.run(field)) };
}
