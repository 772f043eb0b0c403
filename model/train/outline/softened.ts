/** A distance that counts by its square where it is under `softness`, and by its size where it is larger, and its derivative. */
export function softened(x: number, softness: number): { size: number; slope: number } {
  const root = Math.sqrt(x * x + softness * softness);
  return { size: root - softness, slope: x / root };
}
