/** IEEE 754 binary16, numbers of 16 bits: a sign, 5 bits of exponent, 10 of fraction. */

/** What 16 bits mean. */
export function decodeHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The bits of the nearest number to a finite one; of two as near, the even one. */
export function encodeHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  let exponent = Math.max(-14, Math.floor(Math.log2(size)));
  if (2 ** exponent > size && exponent > -14) exponent--;
  const units = size / 2 ** (exponent - 10);
  const down = Math.floor(units);
  const rest = units - down;
  const whole = rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
  // Below 1,024 units there is no leading one; 2,048 carry into the exponent.
  const bits = whole < 1024 ? whole : ((exponent + 15) << 10) + whole - 1024;
  return sign | Math.min(bits, 0x7c00);
}

/** Whether a number is one of those, and finite. */
export function isHalf(value: number): boolean {
  return Number.isFinite(value) && Object.is(decodeHalf(encodeHalf(value)), value);
}

/** The nearest of those. */
export function roundToHalf(value: number): number {
  return decodeHalf(encodeHalf(value));
}
