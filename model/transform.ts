/** Fourier transforms keep large tables: one is made for each size. */
import FFT from 'fft.js';

const transforms = new Map<number, FFT>();

/** The transform of `size` points, a power of 2. It holds no state between calls. */
export function transformOf(size: number): FFT {
  const known = transforms.get(size) ?? new FFT(size);
  transforms.set(size, known);
  return known;
}
