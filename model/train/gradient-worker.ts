/** A worker thread of training on WebAssembly: reads shared parameters, answers with gradients. */
import { parentPort, workerData } from 'node:worker_threads';
import { CorpusCache, type CorpusIndex } from '../corpus/cache.ts';
import type { Spec } from '../spec.ts';
import { startBackend } from './backend.ts';
import { trainingBanks } from './data/banks.ts';
import { parameterLayout } from './parameters.ts';
import type { Stage } from './schedule.ts';
import { GradientStep, type StageSizes, type StepResult } from './step.ts';

export interface WorkerSetup {
  readonly spec: Spec;
  /** The corpus cache; its samples lie in memory that all threads share. */
  readonly index: CorpusIndex;
  readonly samples: Int16Array;
  readonly sizes: StageSizes;
  /** Shared with the main thread, which writes it between steps. */
  readonly parameters: Float32Array;
}

export interface WorkerRequest {
  readonly seed: number;
  readonly stage: Stage;
}

/** The first reply, sent when the worker is ready, has no gradient in it. */
export type WorkerReply = StepResult;

const { spec, index, samples, sizes, parameters } = workerData as WorkerSetup;
await startBackend('wasm');
const step = new GradientStep(spec, parameterLayout(spec), trainingBanks(new CorpusCache(index, samples)), sizes);
parentPort!.on('message', ({ seed, stage }: WorkerRequest) => {
  void step.compute(parameters.slice(), seed, stage).then((result: WorkerReply) => {
    parentPort!.postMessage(result, [result.gradient.buffer as ArrayBuffer]);
  });
});
parentPort!.postMessage({ loss: 0, banks: {}, sound: 0, gradient: new Float32Array(0) } satisfies WorkerReply);
