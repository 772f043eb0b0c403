/** A worker thread of training on WebAssembly: reads shared parameters, answers with gradients. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Spec } from '../spec.ts';
import { startBackend } from './backend.ts';
import { loadTrainingBanks } from './data/banks.ts';
import type { ExampleOptions } from './data/example.ts';
import { parameterLayout } from './parameters.ts';
import { GradientStep, type Stage, type StepResult } from './step.ts';

export interface WorkerSetup {
  readonly spec: Spec;
  /** Path of the corpus cache. */
  readonly cache: string;
  readonly sizes: Omit<ExampleOptions, 'noisePoolLength'>;
  /** Shared with the main thread, which writes it between steps. */
  readonly parameters: Float32Array;
}

export interface WorkerRequest {
  readonly seed: number;
  readonly stage: Stage;
}

/** The first reply, sent when the worker is ready, has no gradient in it. */
export type WorkerReply = StepResult;

const { spec, cache, sizes, parameters } = workerData as WorkerSetup;
await startBackend('wasm');
const step = new GradientStep(spec, parameterLayout(spec), await loadTrainingBanks(cache), sizes);
parentPort!.on('message', ({ seed, stage }: WorkerRequest) => {
  void step.compute(parameters.slice(), seed, stage).then((result: WorkerReply) => {
    parentPort!.postMessage(result, [result.gradient.buffer as ArrayBuffer]);
  });
});
parentPort!.postMessage({ loss: 0, gradient: new Float32Array(0), bank: '' } satisfies WorkerReply);
