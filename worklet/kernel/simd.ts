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

/**
 * Constants as whole vectors in memory: one load each, where a vector constant in the code takes four
 * instructions every time that it is used. The host keeps its memory clear of them, up to `staticEnd`.
 */
const CONSTANTS: usize = memory.data<f32>(
  [
    7, 7, 7, 7,
    -7, -7, -7, -7,
    0.5, 0.5, 0.5, 0.5,
    1, 1, 1, 1,
    3.9300447e-6, 3.9300447e-6, 3.9300447e-6, 3.9300447e-6,
    0.00227699693, 0.00227699693, 0.00227699693, 0.00227699693,
    0.123021929, 0.123021929, 0.123021929, 0.123021929,
    0.999995688, 0.999995688, 0.999995688, 0.999995688,
    0.00014235165, 0.00014235165, 0.00014235165, 0.00014235165,
    0.0210722195, 0.0210722195, 0.0210722195, 0.0210722195,
    0.456340416, 0.456340416, 0.456340416, 0.456340416,
  ],
  16,
);

/** End of what the module itself keeps in memory. */
export const staticEnd: usize = __heap_base;

/** Numerator and denominator of tanh x = x P(x^2) / Q(x^2) for |x| <= 7; largest error 1.1e-6. */
// @ts-ignore: decorator
@inline
export function tanhNumerator(x: v128, square: v128): v128 {
  const cubic = madd(v128.load(CONSTANTS, 64), square, v128.load(CONSTANTS, 80));
  const linear = madd(cubic, square, v128.load(CONSTANTS, 96));
  return f32x4.mul(x, madd(linear, square, v128.load(CONSTANTS, 112)));
}

// @ts-ignore: decorator
@inline
export function tanhDenominator(square: v128): v128 {
  const cubic = madd(v128.load(CONSTANTS, 128), square, v128.load(CONSTANTS, 144));
  const linear = madd(cubic, square, v128.load(CONSTANTS, 160));
  return madd(linear, square, v128.load(CONSTANTS, 48));
}

/** Bounds x to +-7. pmin and pmax are one instruction each where min and max are many. */
// @ts-ignore: decorator
@inline
export function clampGate(x: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, v128.load(CONSTANTS, 0)), v128.load(CONSTANTS, 16));
}

/** 2 tanh(a) sigmoid(2 b) = tanh(a) (1 + tanh(b)) with a single division; the host takes the factors out of the weights. */
// @ts-ignore: decorator
@inline
export function gate(a: v128, b: v128): v128 {
  const x = clampGate(a);
  const y = clampGate(b);
  const xx = f32x4.mul(x, x);
  const yy = f32x4.mul(y, y);
  const below = tanhDenominator(yy);
  const above = f32x4.mul(tanhNumerator(x, xx), f32x4.add(below, tanhNumerator(y, yy)));
  return f32x4.div(above, f32x4.mul(tanhDenominator(xx), below));
}

/** SiLU: x * sigmoid(x). */
// @ts-ignore: decorator
@inline
export function silu(x: v128): v128 {
  const half = f32x4.mul(x, v128.load(CONSTANTS, 32));
  const y = clampGate(half);
  const yy = f32x4.mul(y, y);
  const below = tanhDenominator(yy);
  return f32x4.div(f32x4.mul(half, f32x4.add(below, tanhNumerator(y, yy))), below);
}
