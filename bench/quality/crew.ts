/** Measures banks side by side, on as many threads as there are cores. */
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { InputError } from '../../model/input-error.ts';
import type { Job, Measured, Plan } from './measure.ts';

export type FromWorker =
  | { readonly type: 'step'; readonly what: string }
  | { readonly type: 'done'; readonly measured: Measured }
  /** One line for people. */
  | { readonly type: 'refused'; readonly message: string };

const SCRIPT = 'dist/bench/quality-worker.js';

/** Measures every bank; results come in the order of the jobs. @throws InputError where something that a job needs is missing */
export async function measureAll(plan: Plan, jobs: readonly Job[], onStep: (what: string) => void): Promise<Measured[]> {
  // The longest first, so that none is left alone at the end.
  const waiting = [...jobs].sort((a, b) => a.bank.samples.length - b.bank.samples.length);
  const results = new Map<string, Measured>();
  const workers = Array.from({ length: Math.min(jobs.length, cpus().length) }, () => new Worker(resolve(SCRIPT), { workerData: plan }));
  const work = (worker: Worker): Promise<void> =>
    new Promise((finish, fail) => {
      const next = (): void => {
        const job = waiting.pop();
        if (job === undefined) finish();
        else worker.postMessage(job);
      };
      worker.on('error', fail);
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'step') {
          onStep(message.what);
          return;
        }
        if (message.type === 'refused') {
          const [source = '', ...problem] = message.message.split(': ');
          fail(new InputError(source, problem.join(': ')));
          return;
        }
        results.set(message.measured.id, message.measured);
        next();
      });
      next();
    });
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return jobs.map(({ bank }) => results.get(bank.id)!);
}
