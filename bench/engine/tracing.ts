/** True durations of the audio thread's quanta, by Chromium's tracing: the audio thread itself has no fine clock. */
import type { Browser } from 'playwright-core';
import { distributionOf, type Distribution } from './distribution.ts';

const CATEGORY = 'disabled-by-default-audio-worklet';
/** One call of `process`, without what the browser does around it. */
const PROCESS_EVENT = 'AudioWorkletProcessor::Process (author script execution)';
/** Share of a quantum. */
const INTERRUPTION = 0.1;
const BUFFER_KIB = 400 * 1024;
const CHUNK_BYTES = 2 ** 20;

/** One complete event of a trace: microseconds of the clock and of the thread's own processor time. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  readonly tts?: number;
  readonly tdur?: number;
}

export interface Quanta {
  /** Shares of a render quantum that one `process` took by the clock: what delays the sound. */
  readonly wall: Distribution;
  /** The same in processor time: without what other programs took meanwhile. Undefined where the system does not tell. */
  readonly cpu: Distribution | undefined;
  /** Calls during which something else had the processor for more than a tenth of the quantum. */
  readonly interrupted: number | undefined;
  /** Processor time of the whole audio thread, with messages and garbage collection, as a share of the sound's time. */
  readonly thread: number | undefined;
}

/** Calls of `process` in a trace of one audio thread; undefined where there are none. @param trace JSON */
export function quantaOf(trace: string, quantumSeconds: number): Quanta | undefined {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: readonly TraceEvent[] };
  const calls = traceEvents
    .filter(({ name, ph, dur }) => name === PROCESS_EVENT && ph === 'X' && dur !== undefined)
    .sort((a, b) => a.ts - b.ts);
  const [first, last] = [calls[0], calls.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const microseconds = quantumSeconds * 1e6;
  const wall = calls.map(({ dur }) => dur! / microseconds);
  // The thread's clock is coarser in some virtual machines, and then says more than has passed.
  const cpu = calls.every(({ tdur }) => tdur !== undefined) ? calls.map(({ tdur, dur }) => Math.min(tdur!, dur!) / microseconds) : undefined;
  const played = (calls.length - 1) * microseconds;
  return {
    wall: distributionOf(wall),
    cpu: cpu && distributionOf(cpu),
    interrupted: cpu?.filter((share, i) => wall[i]! - share > INTERRUPTION).length,
    thread: cpu === undefined || played === 0 ? undefined : (last.tts! - first.tts!) / played,
  };
}

/** Traces a browser while `during` runs, its audio threads unless other categories are asked for. @returns the trace as JSON; undefined where the browser lost a part of it */
export async function traceWhile(browser: Browser, during: () => Promise<unknown>, includedCategories: readonly string[] = [CATEGORY]): Promise<string | undefined> {
  const session = await browser.newBrowserCDPSession();
  await session.send('Tracing.start', {
    traceConfig: { includedCategories: [...includedCategories], recordMode: 'recordUntilFull', traceBufferSizeInKb: BUFFER_KIB },
    transferMode: 'ReturnAsStream',
  });
  await during();
  const complete = new Promise<{ stream?: string; dataLossOccurred: boolean }>((done) => session.once('Tracing.tracingComplete', done));
  await session.send('Tracing.end');
  const { stream, dataLossOccurred } = await complete;
  if (stream === undefined) throw new Error('the browser gives no trace');
  const chunks: string[] = [];
  for (let ended = false; !ended; ) {
    const { data, eof } = await session.send('IO.read', { handle: stream, size: CHUNK_BYTES });
    chunks.push(data);
    ended = eof;
  }
  await session.send('IO.close', { handle: stream });
  await session.detach();
  return dataLossOccurred ? undefined : chunks.join('');
}
