/** Periodic Hann window of `size` samples; one table is kept for each size. */
export function hannWindow(size: number): Float64Array {
  let window = windows.get(size);
  if (!window) {
    window = Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
    windows.set(size, window);
  }
  return window;
}

const windows = new Map<number, Float64Array>();
