/** Arithmetic shared by all kernels. */

/** a * b + c in each lane; one instruction, rounded once, where the build has relaxed SIMD. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Sum of the four lanes. */
// @ts-ignore: decorator
@inline
export function lanesSum(a: v128): f32 {
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3));
}

/** Numerator and denominator of tanh x = x P(x^2) / Q(x^2) for |x| <= 7; largest error 1.1e-6. */
// @ts-ignore: decorator
@inline
export function tanhNumerator(x: v128, square: v128): v128 {
  const cubic = madd(f32x4.splat(3.9300447e-6), square, f32x4.splat(0.00227699693));
  const linear = madd(cubic, square, f32x4.splat(0.123021929));
  return f32x4.mul(x, madd(linear, square, f32x4.splat(0.999995688)));
}

// @ts-ignore: decorator
@inline
export function tanhDenominator(square: v128): v128 {
  const cubic = madd(f32x4.splat(0.00014235165), square, f32x4.splat(0.0210722195));
  const linear = madd(cubic, square, f32x4.splat(0.456340416));
  return madd(linear, square, f32x4.splat(1));
}

/** Bounds x to +-7. pmin and pmax are one instruction each where min and max are many. */
// @ts-ignore: decorator
@inline
export function clampGate(x: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, f32x4.splat(7)), f32x4.splat(-7));
}

/** tanh(a) * sigmoid(b) with a single division: sigmoid(b) = (1 + tanh(b / 2)) / 2. */
// @ts-ignore: decorator
@inline
export function gate(a: v128, b: v128): v128 {
  const half = f32x4.splat(0.5);
  const x = clampGate(a);
  const y = clampGate(f32x4.mul(b, half));
  const xx = f32x4.mul(x, x);
  const yy = f32x4.mul(y, y);
  const below = tanhDenominator(yy);
  const above = f32x4.mul(tanhNumerator(x, xx), f32x4.add(below, tanhNumerator(y, yy)));
  return f32x4.div(f32x4.mul(above, half), f32x4.mul(tanhDenominator(xx), below));
}

/** SiLU: x * sigmoid(x). */
// @ts-ignore: decorator
@inline
export function silu(x: v128): v128 {
  const half = f32x4.mul(x, f32x4.splat(0.5));
  const y = clampGate(half);
  const yy = f32x4.mul(y, y);
  const below = tanhDenominator(yy);
  return f32x4.div(f32x4.mul(half, f32x4.add(below, tanhNumerator(y, yy))), below);
}
