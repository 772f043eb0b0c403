import { expect, test } from 'vitest';
import { READY_MARK, loadingOf } from '../../bench/page/loading.ts';

const PAGE = 'http://127.0.0.1:1/demo/';
const [PID, TID] = [4, 7];

/** An event at some milliseconds of the trace's clock, which begins before the page. */
const at = (milliseconds: number, name: string, more: object = {}): object => ({ name, ph: 'X', pid: PID, tid: TID, ts: 1000 * (500 + milliseconds), ...more });
const inFrame = (milliseconds: number, name: string): object => at(milliseconds, name, { args: { frame: 'F', data: {} } });
const task = (milliseconds: number, duration: number, name = 'RunTask'): object => at(milliseconds, name, { dur: 1000 * duration });
const shift = (milliseconds: number, score: number, input = false): object => at(milliseconds, 'LayoutShift', { args: { data: { score, weighted_score_delta: score, had_recent_input: input } } });

const START = at(0, 'navigationStart', { args: { frame: 'F', data: { documentLoaderURL: PAGE } } });
const PAINTS = [inFrame(100, 'firstContentfulPaint'), inFrame(120, 'largestContentfulPaint::Candidate'), inFrame(260, 'largestContentfulPaint::Candidate'), at(1000, READY_MARK)];

const read = (...events: object[]): ReturnType<typeof loadingOf> => loadingOf(JSON.stringify({ traceEvents: [...events, ...PAINTS, START] }), PAGE);

test('paints count from the navigation, and the last candidate is the largest', () => {
  expect(read()).toEqual({ firstContentfulPaintMs: 100, largestContentfulPaintMs: 260, totalBlockingTimeMs: 0, cumulativeLayoutShift: 0 });
});

test('tasks block beyond 50 ms, from the first paint until the piano is ready, and on the page’s thread alone', () => {
  const elsewhere = { ...task(300, 500), tid: 8 };
  const other = { ...task(300, 500), pid: 5 };
  // 20 ms before the paint do not count, nor the 30 after the end; the inner one is a part of the outer one.
  const tasks = [task(80, 100), task(200, 49), task(300, 90), task(301, 80, 'ThreadControllerImpl::RunTask'), task(930, 100)];
  expect(read(elsewhere, other, ...tasks)!.totalBlockingTimeMs).toBeCloseTo(30 + 40 + 20, 9);
});

test('layout shifts add up within a window, and those after an input are the player’s', () => {
  expect(read(shift(100, 0.1), shift(900, 0.2), shift(950, 5, true), shift(2500, 0.25))!.cumulativeLayoutShift).toBeCloseTo(0.3, 9);
});

test('a trace without the page, or that lost a part, says nothing', () => {
  expect(loadingOf(JSON.stringify({ traceEvents: [START] }), PAGE)).toBeUndefined();
  expect(loadingOf(JSON.stringify({ traceEvents: PAINTS }), PAGE)).toBeUndefined();
  expect(loadingOf(JSON.stringify({ traceEvents: [START, ...PAINTS] }), 'http://127.0.0.1:1/other/')).toBeUndefined();
});
