/** The jobs of a batch on Redis, for more machines than one: a queue of BullMQ. */
import { createHash } from 'node:crypto';
import { Queue, QueueEvents, WaitingError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { InputError } from '../input-error.ts';
import { perform, type Job, type Outcome, type Task } from './batch-job.ts';

const QUEUE = 'anypiano';
const CONNECT_MS = 5000;
/** A worker that has not been heard of for so long is dead, and its jobs are others'. */
const LOCK_MS = 10_000;
/** Workers may die at a job so often before it counts as failed. */
const MOST_DEATHS = 20;
/** What became of a job can be asked for so long. */
const KEPT_SECONDS = 86400;

/** One job with all that a worker needs to know. Paths are absolute, and the same on all machines. */
export interface Assignment {
  readonly task: Task;
  readonly job: Job;
  readonly options: readonly string[];
}

/** Puts jobs into the queue and waits until workers have done them. @param onOutcome called after each. @throws InputError where no Redis answers */
export async function submitJobs(url: string, assignments: readonly Assignment[], signal: AbortSignal, onOutcome: (outcome: Outcome) => void): Promise<void> {
  const connection = await connect(url);
  const queue = new Queue<Assignment, Outcome>(QUEUE, { connection });
  const events = new QueueEvents(QUEUE, { connection: connection.duplicate() });
  try {
    await events.waitUntilReady();
    const finished = assignments.map(async (assignment) => {
      const jobId = identify(assignment);
      const earlier = await queue.getJob(jobId);
      if (earlier?.finishedOn !== undefined) await earlier.remove();
      const kept = { age: KEPT_SECONDS };
      const queued = await queue.add(assignment.task, assignment, { jobId, removeOnComplete: kept, removeOnFail: kept });
      onOutcome(await queued.waitUntilFinished(events).catch((error: Error): Outcome => ({ ...assignment.job, state: 'failed', message: error.message })));
    });
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([Promise.all(finished), stopped]);
  } finally {
    await events.close();
    await queue.close();
    connection.disconnect();
  }
}

/**
 * Does jobs from the queue until the signal aborts; those under way then go back to it.
 *
 * @param atOnce jobs at a time, @param onOutcome called after each
 * @throws InputError where no Redis answers
 */
export async function workJobs(url: string, atOnce: number, signal: AbortSignal, onOutcome: (outcome: Outcome) => void): Promise<void> {
  const connection = await connect(url);
  const worker = new Worker<Assignment, Outcome>(
    QUEUE,
    async (queued, token) => {
      const { task, job, options } = queued.data;
      const outcome = await perform(task, job, options, signal);
      if (signal.aborted) {
        await queued.moveToWait(token);
        throw new WaitingError();
      }
      onOutcome(outcome);
      return outcome;
    },
    { connection, concurrency: atOnce, lockDuration: LOCK_MS, stalledInterval: LOCK_MS, maxStalledCount: MOST_DEATHS },
  );
  // Connections that are lost are made again; what else goes wrong with a job is its outcome.
  worker.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await worker.close();
  connection.disconnect();
}

/** The same job has the same name whoever submits it, and is done once. */
function identify(assignment: Assignment): string {
  return createHash('sha256').update(JSON.stringify(assignment)).digest('hex');
}

async function connect(url: string): Promise<Redis> {
  if (!/^rediss?:\/\/[^/]/.test(url) || !URL.canParse(url)) throw new InputError('--redis', `'${url}' is not an address like redis://localhost:6379`);
  const first = new Redis(url, { lazyConnect: true, connectTimeout: CONNECT_MS, retryStrategy: () => null });
  first.on('error', () => undefined);
  try {
    await first.connect();
    await first.ping();
  } catch {
    throw new InputError('--redis', `no Redis answers at ${new URL(url).host}`);
  } finally {
    first.disconnect();
  }
  // BullMQ asks for this.
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  connection.on('error', () => undefined);
  return connection;
}
