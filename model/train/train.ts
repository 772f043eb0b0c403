/** The training run: corpus in, weights and styles out. */
import { join } from 'node:path';
import type { CorpusCache } from '../corpus/cache.ts';
import type { Spec } from '../spec.ts';
import { adamStep, clipGradient, createAdam } from './adam.ts';
import { startBackend, type Backend } from './backend.ts';
import { loadCheckpoint, replaceFile, saveCheckpoint, type TrainingState } from './checkpoint.ts';
import { localSource, workerSource, type GradientSource } from './gradient-source.ts';
import { importModel } from './import.ts';
import { lossCurves, type LogEntry } from './log.ts';
import { initialParameters, parameterLayout } from './parameters.ts';
import { learningRate, stageAt, type Plan } from './schedule.ts';
import { trainedRecordings } from './shrinkage.ts';
import type { StageSizes, StepResult } from './step.ts';

export interface TrainOptions {
  readonly spec: Spec;
  /** The recordings; see `model/corpus/cache.ts`. */
  readonly cache: CorpusCache;
  readonly backend: Backend | 'auto';
  readonly plan: Plan;
  /** Examples whose gradients are averaged in one step. */
  readonly batch: number;
  readonly seed: number;
  /** Path of a finished model's weights to start from; random weights without it. */
  readonly from?: string;
  /** Checkpoint, log and curves live here; a run that finds a checkpoint goes on from it. */
  readonly folder: string;
  /** The worker script of the WebAssembly backend. */
  readonly workerScript: URL;
}

export interface TrainProgress {
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly secondsLeft: number;
  readonly throughput: number;
}

export interface TrainHooks {
  /** Called after each step. */
  progress(progress: TrainProgress): void;
  /** Stops after the step under way; the checkpoint is kept. */
  readonly signal: AbortSignal;
}

export interface TrainResult {
  readonly backend: Backend;
  readonly finished: boolean;
  readonly state: TrainingState;
}

const LOG_STEPS = 25;
const CHECKPOINT_STEPS = 250;
const GRADIENT_LIMIT = 1;
const AVERAGE_DECAY = 0.998;

/**
 * Example sizes that fit each backend: a GPU wants many notes at once,
 * WebAssembly has 4 GB. Many short stretches teach more than a few long ones:
 * a third of a second holds the longest window several times.
 */
function stageSizes(backend: Backend, spec: Spec): StageSizes {
  const voices = backend === 'webgpu' ? 48 : 8;
  const excitation = { length: 16384, voices, polyphony: 0.15, augmentation: 0.25, onsets: 0.65 };
  const all = { ...excitation, length: 4096, voices: 2 * voices, onsets: 0.75 };
  const wavenet = { scenes: 2 * voices, length: 3072, polyphony: 0.2, later: 0.2, blur: 0.1 };
  const outline = { strikes: 48, elsewhere: 0.6, blur: 0.25, restless: 2 };
  // Noise forgives a network that comes back slowly; tones do not forgive much noise.
  const tones = spec.generator?.makes === 'autoregressive';
  // Tones take many steps to come into tune, noise takes many examples in each.
  const scenes = backend === 'webgpu' ? 32 : tones ? 2 : 6;
  const knocks = { strikes: 96, elsewhere: 0.4, blur: 0.1 };
  const generator = { scenes, length: 8192, polyphony: 0.25, onsets: 0.5, blur: 0.1, jitter: tones ? 0.02 : 0.1 };
  return { outline, knocks, excitation, wavenet, all, generator };
}

/**
 * Trains until the plan is done or the signal aborts, and leaves a checkpoint either way.
 * Throws InputError for a backend that does not start or a checkpoint of another model.
 */
export async function train(options: TrainOptions, hooks: TrainHooks): Promise<TrainResult> {
  const { spec, plan, folder, cache } = options;
  const backend = await startBackend(options.backend);
  const sizes = stageSizes(backend, spec);
  const layout = parameterLayout(spec);
  const identity = JSON.stringify({ spec, seed: options.seed, banks: cache.banks.map((bank) => bank.id) });
  const state = (await loadCheckpoint(folder, identity)) ?? firstState(await firstParameters());
  const source =
    backend === 'wasm'
      ? await workerSource(spec, cache, sizes, options.workerScript)
      : localSource(spec, cache, sizes);
  try {
    await run(options, hooks, state, source);
  } finally {
    await source.close();
    await saveAll(folder, state, identity);
  }
  return { backend, finished: state.step >= plan.steps, state };

  async function firstParameters(): Promise<Float32Array> {
    const parameters = initialParameters(spec, layout, options.seed);
    if (options.from !== undefined) {
      const recordings = trainedRecordings(cache);
      await importModel(spec, cache.banks.map(({ id }, row) => ({ id, recordings: recordings[row]! })), options.from, parameters);
    }
    return parameters;
  }

  async function run(
    { batch, seed }: TrainOptions,
    { progress, signal }: TrainHooks,
    s: TrainingState,
    gradients: GradientSource,
  ): Promise<void> {
    const meter = new Meter(s);
    while (s.step < plan.steps && !signal.aborted) {
      const stage = stageAt(plan, s.step);
      const rate = learningRate(plan, s.step);
      // Seeds depend on the step alone, so that a resumed run sees what an unbroken one would.
      const seeds = Array.from({ length: batch }, (_, i) => Math.imul(seed + 1, 0x9e3779b1) + s.step * batch + i);
      const results = await gradients.compute(s.parameters, seeds, stage);
      const gradient = meanGradient(results);
      clipGradient(gradient, GRADIENT_LIMIT);
      adamStep(s.parameters, gradient, s.adam, rate);
      updateAverage(s);
      s.step++;
      meter.add(results);
      if (s.step % LOG_STEPS === 0) s.log.push(meter.entry(stage, rate));
      progress(meter.progress(plan.steps));
      if (s.step % CHECKPOINT_STEPS === 0) await saveAll(folder, s, identity);
    }
  }
}

function firstState(parameters: Float32Array): TrainingState {
  return { step: 0, seconds: 0, parameters, average: parameters.slice(), adam: createAdam(parameters.length), log: [] };
}

async function saveAll(folder: string, state: TrainingState, identity: string): Promise<void> {
  await saveCheckpoint(folder, state, identity);
  await replaceFile(join(folder, 'log.jsonl'), state.log.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  if (state.log.length > 1) await replaceFile(join(folder, 'loss.svg'), lossCurves(state.log));
}

/** Moves the average on; what began to learn a short time ago is averaged over a short time. */
function updateAverage({ parameters, average, adam }: TrainingState): void {
  for (let i = 0; i < average.length; i++) {
    const updates = adam.steps[i]!;
    const decay = Math.min(AVERAGE_DECAY, (1 + updates) / (10 + updates));
    average[i]! += (1 - decay) * (parameters[i]! - average[i]!);
  }
}

function meanGradient(results: readonly StepResult[]): Float32Array {
  const mean = results[0]!.gradient;
  for (const { gradient } of results.slice(1)) for (let i = 0; i < mean.length; i++) mean[i]! += gradient[i]!;
  for (let i = 0; i < mean.length; i++) mean[i]! /= results.length;
  // A single broken example must not poison the weights.
  return mean.every(Number.isFinite) ? mean : mean.fill(0);
}

/** Keeps time and averages between log entries. */
class Meter {
  readonly #state: TrainingState;
  readonly #firstStep: number;
  readonly #started = Date.now();
  #mark = Date.now();
  #sound = 0;
  #allSound = 0;
  #losses = new Map<string, number[]>();
  #recent = 0;

  constructor(state: TrainingState) {
    this.#state = state;
    this.#firstStep = state.step;
  }

  add(results: readonly StepResult[]): void {
    for (const { sound, banks } of results) {
      this.#sound += sound;
      this.#allSound += sound;
      for (const [bank, loss] of Object.entries(banks)) this.#losses.set(bank, [...(this.#losses.get(bank) ?? []), loss]);
    }
    const loss = results.reduce((sum, r) => sum + r.loss, 0) / results.length;
    this.#recent = this.#recent === 0 ? loss : 0.98 * this.#recent + 0.02 * loss;
  }

  entry(stage: LogEntry['stage'], rate: number): LogEntry {
    const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
    const now = Date.now();
    const elapsed = (now - this.#mark) / 1000;
    this.#state.seconds += elapsed;
    const entry: LogEntry = {
      step: this.#state.step,
      stage,
      loss: mean([...this.#losses.values()].flat()),
      banks: Object.fromEntries([...this.#losses].map(([bank, values]) => [bank, mean(values)])),
      learningRate: rate,
      throughput: this.#sound / elapsed,
      seconds: this.#state.seconds,
    };
    this.#mark = now;
    this.#sound = 0;
    this.#losses = new Map();
    return entry;
  }

  progress(steps: number): TrainProgress {
    const { step } = this.#state;
    const elapsed = (Date.now() - this.#started) / 1000;
    const done = step - this.#firstStep;
    return {
      step,
      steps,
      loss: this.#recent,
      secondsLeft: ((steps - step) * elapsed) / done,
      throughput: this.#allSound / elapsed,
    };
  }
}
