/** How a page came up, from Chromium's own trace: the figures that Lighthouse reports, by its definitions. */

/** What has to be traced. */
export const LOADING_CATEGORIES: readonly string[] = ['blink.user_timing', 'loading', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'];
/** Mark of the page that ends the loading. */
export const READY_MARK = 'piano is ready';

/** A task that blocks the page: what is beyond this many milliseconds. */
const LONG_TASK = 50;
const TASKS = new Set(['RunTask', 'ThreadControllerImpl::RunTask']);
/** Layout shifts are summed in windows that end after a second of rest, or after five. */
const SHIFT_REST = 1000;
const SHIFT_WINDOW = 5000;

/** Milliseconds since the navigation, but for the last. */
export interface Loading {
  readonly firstContentfulPaintMs: number;
  readonly largestContentfulPaintMs: number;
  /** By how much tasks of the page's thread exceed 50 ms, from the first paint until the piano is ready. */
  readonly totalBlockingTimeMs: number;
  /** Largest sum of a window of layout shifts that followed no input. */
  readonly cumulativeLayoutShift: number;
}

/** One event of a trace; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args?: {
    readonly frame?: string;
    readonly data?: {
      readonly documentLoaderURL?: string;
      readonly had_recent_input?: boolean;
      readonly score?: number;
      readonly weighted_score_delta?: number;
    };
  };
}

/**
 * @param trace JSON with `LOADING_CATEGORIES`, @param address of the page that was loaded
 * @returns undefined where the trace does not hold all of it
 */
export function loadingOf(trace: string, address: string): Loading | undefined {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: readonly TraceEvent[] };
  const events = [...traceEvents].sort((a, b) => a.ts - b.ts);
  const navigation = events.findLast(({ name, args }) => name === 'navigationStart' && args?.data?.documentLoaderURL === address);
  if (navigation === undefined) return undefined;
  const own = events.filter(({ pid, ts }) => pid === navigation.pid && ts >= navigation.ts);
  const inFrame = own.filter(({ args }) => args?.frame === navigation.args?.frame);
  const first = inFrame.find(({ name }) => name === 'firstContentfulPaint');
  const largest = inFrame.findLast(({ name }) => name === 'largestContentfulPaint::Candidate');
  const ready = own.find(({ name }) => name === READY_MARK);
  if (first === undefined || largest === undefined || ready === undefined) return undefined;
  const since = ({ ts }: TraceEvent): number => (ts - navigation.ts) / 1000;
  return {
    firstContentfulPaintMs: since(first),
    largestContentfulPaintMs: since(largest),
    totalBlockingTimeMs: blockingTime(own.filter(({ tid }) => tid === navigation.tid), first.ts, ready.ts),
    cumulativeLayoutShift: layoutShift(own),
  };
}

/** Tasks on one thread, cut to the time from `start` to `end`. */
function blockingTime(events: readonly TraceEvent[], start: number, end: number): number {
  // Both names may stand for one task: then one lies within the other.
  let covered = -Infinity;
  let sum = 0;
  for (const { name, ts, dur = 0 } of events) {
    if (!TASKS.has(name) || ts < covered) continue;
    covered = ts + dur;
    sum += Math.max(0, (Math.min(end, covered) - Math.max(start, ts)) / 1000 - LONG_TASK);
  }
  return sum;
}

function layoutShift(events: readonly TraceEvent[]): number {
  const shifts = events.filter(({ name, args }) => name === 'LayoutShift' && args?.data?.had_recent_input !== true);
  let [largest, sum, begin, last] = [0, 0, -Infinity, -Infinity];
  for (const { ts, args } of shifts) {
    const now = ts / 1000;
    if (now - last > SHIFT_REST || now - begin > SHIFT_WINDOW) [sum, begin] = [0, now];
    last = now;
    sum += args?.data?.weighted_score_delta ?? args?.data?.score ?? 0;
    largest = Math.max(largest, sum);
  }
  return largest;
}
