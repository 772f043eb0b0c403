/** Measures banks in a thread of its own, one after the other, as it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import { InputError } from '../../model/input-error.ts';
import type { FromWorker } from './crew.ts';
import { createPlayer, measureBank, type Job, type Plan } from './measure.ts';

const plan = workerData as Plan;
const port = parentPort!;
const post = (message: FromWorker): void => port.postMessage(message);
const player = createPlayer(plan.weights);
// What is wrong with the weights is said in answer to the first job.
player.catch(() => {});

port.on('message', (job: Job) => {
  player
    .then(async (ready) => post({ type: 'done', measured: await measureBank(ready, plan, job, (what) => post({ type: 'step', what })) }))
    .catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      post({ type: 'refused', message: error.message });
    });
});
