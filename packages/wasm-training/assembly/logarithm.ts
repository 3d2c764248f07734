// log of four floats at once, and what follows from it.

import { LN2_HIGH, LN2_LOW, exp } from './exponential';
import { multiplyAdd, withSign } from './vector';

/** The smallest normal float32, and by what and how many bits a smaller number grows to be normal. */
const NORMAL: f32 = 1.17549435e-38;
const GROWTH: f32 = 33_554_432;
const GROWTH_BITS: i32 = 25;

// Of a float32: the bits of 1 and of √½, those of the fraction alone, and the bias of the exponent.
const ONE: i32 = 0x3f800000;
const ROOT_HALF: i32 = 0x3f3504f3;
const FRACTION: i32 = 0x007fffff;
const BIAS: i32 = 127;

/** log x to a relative error of 1e-7; −∞ of 0, NaN of what is below. */
@inline export function log(x: v128): v128 {
  const zero = f32x4.splat(0);
  const isPositive = f32x4.gt(x, zero), isFinite = f32x4.lt(x, f32x4.splat(Infinity));
  const end = v128.bitselect(f32x4.splat(-Infinity), v128.bitselect(x, f32x4.splat(NaN), isPositive), f32x4.eq(x, zero));
  return v128.bitselect(logOfPositive(x), end, v128.and(isPositive, isFinite));
}

/** log(1 + x) to a relative error of 2e-7; −∞ of −1, NaN of what is below. */
@inline export function logPlusOne(x: v128): v128 {
  const one = f32x4.splat(1);
  const sum = f32x4.add(one, x);
  // What the sum has lost, times the slope of log.
  const rest = f32x4.div(f32x4.sub(x, f32x4.sub(sum, one)), sum);
  const hasRest = v128.and(f32x4.gt(sum, f32x4.splat(0)), f32x4.lt(sum, f32x4.splat(Infinity)));
  return withSign(f32x4.add(log(sum), v128.and(rest, hasRest)), x);
}

/** log(1 + exp x) = max(x, 0) + log(1 + e) with e = exp −|x|, to a relative error of 3e-7. */
@inline export function softplus(x: v128): v128 {
  const e = exp(f32x4.neg(f32x4.abs(x)));
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), logOfOneAnd(e));
}

/**
 * log x for positive, finite x. With x = 2ⁿ (1 + f) and √½ ≤ 1 + f < √2 it is n ln 2 + log(1 + f), where
 * log(1 + f) = f − (½f² − s (½f² + s² Q(s²))) and s = f / (2 + f), as in logf of FreeBSD's libm. Q minimises the largest
 * relative error, which is 1e-9.
 */
@inline function logOfPositive(x: v128): v128 {
  const isSmall = f32x4.lt(x, f32x4.splat(NORMAL));
  const normal = v128.bitselect(f32x4.mul(x, f32x4.splat(GROWTH)), x, isSmall);
  const bits = i32x4.add(normal, i32x4.splat(ONE - ROOT_HALF));
  const growth = v128.and(isSmall, i32x4.splat(GROWTH_BITS));
  const exponent = i32x4.sub(i32x4.sub(i32x4.shr_s(bits, 23), i32x4.splat(BIAS)), growth);
  const n = f32x4.convert_i32x4_s(exponent);
  const f = f32x4.sub(i32x4.add(v128.and(bits, i32x4.splat(FRACTION)), i32x4.splat(ROOT_HALF)), f32x4.splat(1));
  const s = f32x4.div(f, f32x4.add(f32x4.splat(2), f));
  const square = f32x4.mul(s, s);
  let q = f32x4.splat(0.298709393);
  q = multiplyAdd(q, square, f32x4.splat(0.399775743));
  q = multiplyAdd(q, square, f32x4.splat(0.666667759));
  const halfSquare = f32x4.mul(f32x4.mul(f, f), f32x4.splat(0.5));
  const low = multiplyAdd(n, f32x4.splat(LN2_LOW), f32x4.mul(s, multiplyAdd(q, square, halfSquare)));
  return multiplyAdd(n, f32x4.splat(LN2_HIGH), f32x4.add(f32x4.sub(low, halfSquare), f));
}

/** log(1 + x) = t P(t²) with t = x / (1 + ½x) for 0 ≤ x ≤ 1; P minimises the largest relative error, which is 4e-9. */
@inline function logOfOneAnd(x: v128): v128 {
  const t = f32x4.div(x, multiplyAdd(x, f32x4.splat(0.5), f32x4.splat(1)));
  const square = f32x4.mul(t, t);
  let p = f32x4.splat(5.50358091e-4);
  p = multiplyAdd(p, square, f32x4.splat(2.18442199e-3));
  p = multiplyAdd(p, square, f32x4.splat(1.25077842e-2));
  p = multiplyAdd(p, square, f32x4.splat(8.33328962e-2));
  return multiplyAdd(f32x4.mul(t, square), p, t);
}
