/** Where gradients come from: this process, or worker threads that share the work. */
import { cpus } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CorpusCache } from '../corpus/cache.ts';
import type { Spec } from '../spec.ts';
import { trainingBanks } from './data/banks.ts';
import { parameterLayout } from './parameters.ts';
import type { Stage } from './schedule.ts';
import { GradientStep, type StageSizes, type StepResult } from './step.ts';
import type { WorkerReply, WorkerRequest, WorkerSetup } from './gradient-worker.ts';

export interface GradientSource {
  /** Gradients at `parameters` of the examples that the seeds draw, in the order of the seeds. */
  compute(parameters: Float32Array, seeds: readonly number[], stage: Stage): Promise<StepResult[]>;
  /** Seeds that one call works on at the same time. */
  readonly width: number;
  close(): Promise<void>;
}

/** All work in this process: for a GPU, and for the plain JavaScript backend. */
export function localSource(spec: Spec, cache: CorpusCache, sizes: StageSizes): GradientSource {
  const step = new GradientStep(spec, parameterLayout(spec), trainingBanks(cache), sizes);
  return {
    width: 1,
    async compute(parameters, seeds, stage) {
      const results: StepResult[] = [];
      for (const seed of seeds) results.push(await step.compute(parameters, seed, stage));
      return results;
    },
    close: () => Promise.resolve(),
  };
}

/** One worker thread for each core: TensorFlow.js on WebAssembly has no threads of its own in Node. */
export async function workerSource(
  spec: Spec,
  cache: CorpusCache,
  sizes: StageSizes,
  script: URL,
  count: number = Math.max(1, Math.min(8, cpus().length)),
): Promise<GradientSource> {
  const size = parameterLayout(spec).reduce((sum, slice) => sum + slice.size, 0);
  const shared = new Float32Array(new SharedArrayBuffer(size * 4));
  const { index, samples } = cache;
  const setup: WorkerSetup = { spec, index, samples, sizes, parameters: shared };
  const workers = Array.from({ length: count }, () => new Worker(script, { workerData: setup }));
  await Promise.all(workers.map((worker) => nextReply(worker)));
  return {
    width: count,
    async compute(parameters, seeds, stage) {
      shared.set(parameters);
      const results = new Array<StepResult>(seeds.length);
      let next = 0;
      await Promise.all(
        workers.map(async (worker) => {
          while (next < seeds.length) {
            const index = next++;
            const request: WorkerRequest = { seed: seeds[index]!, stage };
            worker.postMessage(request);
            results[index] = await nextReply(worker);
          }
        }),
      );
      return results;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function nextReply(worker: Worker): Promise<StepResult> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', done);
      worker.off('error', failed);
      worker.off('exit', ended);
    };
    const done = (reply: WorkerReply): void => (settle(), resolve(reply));
    const failed = (error: Error): void => (settle(), reject(error));
    const ended = (): void => (settle(), reject(new Error('a training worker ended early')));
    worker.on('message', done);
    worker.on('error', failed);
    worker.on('exit', ended);
  });
}
