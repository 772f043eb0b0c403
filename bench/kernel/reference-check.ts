/** Holds what is timed to the float64 reference: a wrong result says nothing, however fast it comes. */
import { waveNet } from '../../model/reference/wavenet.ts';
import { DEFAULT_SPEC, type Spec } from '../../model/spec.ts';
import { WrongResult } from './wrong-result.ts';
import { BLOCK_ROWS, benchmarkShape, benchmarkSignal, benchmarkTensors } from './workload.ts';

/** Largest error, as a share of the reference's rms. */
export const TOLERANCE = 1e-3;

/** What the reference makes of the benchmark's signal with a network of `channels` channels. */
export function expectedOutput(channels: number): Float64Array {
  const shape = benchmarkShape(channels);
  const { inputs: fold, dilations } = shape;
  // One conditioning vector a block.
  const spec: Spec = { ...DEFAULT_SPEC, tick: BLOCK_ROWS, waveNet: { ...DEFAULT_SPEC.waveNet, fold, channels, dilations } };
  const signal = benchmarkSignal(shape);
  const input = signal.flatMap((block) => [...block.input]);
  const rows = waveNet(spec, benchmarkTensors(shape), input, signal.map((block) => block.conditioning));
  return Float64Array.from(rows, (row) => row[0]!);
}

/**
 * @param name what was computed, for the message
 * @returns largest error as a share of the reference's rms
 * @throws WrongResult where it is above `TOLERANCE`
 */
export function checkAgainst(expected: Float64Array, actual: ArrayLike<number>, name: string): number {
  if (actual.length !== expected.length) throw new WrongResult(`${name}: ${actual.length} samples where the float64 reference has ${expected.length}`);
  const rms = Math.sqrt(expected.reduce((sum, y) => sum + y * y, 0) / expected.length);
  const errors = expected.map((y, n) => Math.abs(actual[n]! - y) / rms);
  // Not a number counts as wrong, too.
  const wrong = errors.findIndex((error) => !(error <= TOLERANCE));
  if (wrong >= 0) {
    throw new WrongResult(`${name}: differs from the float64 reference by ${errors[wrong]!.toExponential(1)} at sample ${wrong}; ${TOLERANCE} is allowed`);
  }
  return errors.reduce((most, error) => Math.max(most, error), 0);
}
