import { describe, expect, test } from 'vitest';
import { quantaOf } from '../../bench/engine/tracing.ts';

const QUANTUM_SECONDS = 128 / 48000;
const QUANTUM = QUANTUM_SECONDS * 1e6;
const PROCESS = 'AudioWorkletProcessor::Process (author script execution)';

interface Call {
  readonly wall: number;
  readonly cpu?: number;
}

/** A trace of one `process` in each quantum, with shares of it as durations; written backwards, as traces may be. */
function traceOf(calls: readonly Call[]): string {
  const own = calls.map(({ wall, cpu }, i) => ({
    name: PROCESS,
    ph: 'X',
    tid: 7,
    ts: 1000 + i * QUANTUM,
    dur: wall * QUANTUM,
    ...(cpu !== undefined && { tts: 50 + 0.25 * i * QUANTUM, tdur: cpu * QUANTUM }),
  }));
  const others = own.map((event) => ({ ...event, name: 'AudioWorkletProcessor::Process', dur: 2 * event.dur }));
  return JSON.stringify({ traceEvents: [{ name: 'thread_name', ph: 'M', tid: 7 }, ...own, ...others].reverse() });
}

describe('a trace of the audio thread', () => {
  test('gives the shares of the quantum by the clock and in processor time', () => {
    const found = quantaOf(traceOf([{ wall: 0.1, cpu: 0.1 }, { wall: 0.5, cpu: 0.2 }, { wall: 0.3, cpu: 0.3 }]), QUANTUM_SECONDS)!;
    expect(found.wall.count).toBe(3);
    expect(found.wall.median).toBeCloseTo(0.3, 9);
    expect(found.wall.worst).toBeCloseTo(0.5, 9);
    expect(found.cpu!.worst).toBeCloseTo(0.3, 9);
  });

  test('tells which calls something else interrupted, and what the thread takes of a core', () => {
    const found = quantaOf(traceOf([{ wall: 0.1, cpu: 0.08 }, { wall: 0.5, cpu: 0.2 }, { wall: 0.3, cpu: 0.3 }]), QUANTUM_SECONDS)!;
    expect(found.interrupted).toBe(1);
    expect(found.thread).toBeCloseTo(0.25, 9);
  });

  test('holds processor time below the time that passed', () => {
    const found = quantaOf(traceOf([{ wall: 0.1, cpu: 3 }]), QUANTUM_SECONDS)!;
    expect(found.cpu!.worst).toBeCloseTo(0.1, 9);
  });

  test('does without processor time where the system does not tell', () => {
    const found = quantaOf(traceOf([{ wall: 0.1 }, { wall: 0.2 }]), QUANTUM_SECONDS)!;
    expect(found).toMatchObject({ cpu: undefined, interrupted: undefined, thread: undefined });
    expect(found.wall.worst).toBeCloseTo(0.2, 9);
  });

  test('without calls of process gives nothing', () => {
    expect(quantaOf(JSON.stringify({ traceEvents: [] }), QUANTUM_SECONDS)).toBeUndefined();
  });
});
