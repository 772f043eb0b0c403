/** Order of weights in the kernel's dense layers, see `worklet/kernel/dense.ts`. */

/** Outputs come in multiples of this. */
export const DENSE_TILE = 32;

/** Outputs that a layer needs room for. */
export function paddedOutputs(outputs: number): number {
  return Math.ceil(outputs / DENSE_TILE) * DENSE_TILE;
}

/** Where the weight from an input to an output lies. */
export function denseIndex(inputs: number, input: number, output: number): number {
  const column = output % DENSE_TILE;
  return (output - column) * inputs + input * DENSE_TILE + column;
}
