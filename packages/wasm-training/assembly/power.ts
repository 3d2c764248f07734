// Powers of four floats at once: xʸ = exp(y log |x|), with y log |x| in float64, since it is large and its error absolute.

import { HIGHEST, LOWEST, scaledExp } from './exponential';

const LOG2_E: f64 = 1.4426950408889634;
const LN2: f64 = 0.6931471805599453;

// Of a float64: the bits of 1 and of √½, and those of its exponent alone.
const ONE: i64 = 0x3ff0000000000000;
const ROOT_HALF: i64 = 0x3fe6a09e667f3bcd;
const FRACTION: i64 = 0x000fffffffffffff;
/** 2⁵²: an integer below it, in its low bits, is added to it. */
const TWO_52: i64 = 0x4330000000000000;
const TWO_52_AND_BIAS: f64 = 4503599627370496 + 1023;

/** xʸ to a relative error of 1e-7; where it leaves the normal float32 numbers, to 2⁻¹⁴⁹. As Math.pow at the ends. */
@inline export function power(x: v128, y: v128): v128 {
  const size = f32x4.abs(x);
  const low = f64x2.mul(log(f64x2.promote_low_f32x4(size)), f64x2.promote_low_f32x4(y));
  const high = f64x2.mul(log(f64x2.promote_low_f32x4(upper(size))), f64x2.promote_low_f32x4(upper(y)));
  const result = exp(low, high);
  const isPlain = v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.lt(x, f32x4.splat(Infinity)));
  return i32x4.all_true(isPlain) ? result : atTheEnds(x, y, size, result);
}

/** √x, and ∞ of −∞. */
@inline export function powerOfHalf(x: v128): v128 {
  // The sum makes −0 a 0.
  const root = f32x4.sqrt(f32x4.add(x, f32x4.splat(0)));
  return v128.bitselect(f32x4.splat(Infinity), root, f32x4.eq(x, f32x4.splat(-Infinity)));
}

@inline function upper(x: v128): v128 { return v128.shuffle<i64>(x, x, 1, 1); }

/**
 * log x for two positive, normal, finite numbers, to a relative error of 5e-12. With x = 2ⁿ m and √½ ≤ m < √2 it is
 * n ln 2 + log m, and log m = s L(s²) with s = (m − 1) / (m + 1), the series of 2 artanh s.
 */
@inline function log(x: v128): v128 {
  const bits = i64x2.add(x, i64x2.splat(ONE - ROOT_HALF));
  const biased = v128.or(i64x2.shr_u(bits, 52), i64x2.splat(TWO_52));
  const n = f64x2.sub(biased, f64x2.splat(TWO_52_AND_BIAS));
  const m = i64x2.add(v128.and(bits, i64x2.splat(FRACTION)), i64x2.splat(ROOT_HALF));
  const s = f64x2.div(f64x2.sub(m, f64x2.splat(1)), f64x2.add(m, f64x2.splat(1)));
  const square = f64x2.mul(s, s);
  let p = f64x2.splat(0.23617465221333833);
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(0.285349859609699));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(0.4000038586847263));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(0.6666666524045586));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(2.000000000008424));
  return f64x2.add(f64x2.mul(n, f64x2.splat(LN2)), f64x2.mul(s, p));
}

/** exp of four float64 as float32. */
@inline function exp(low: v128, high: v128): v128 {
  low = bounded(low);
  high = bounded(high);
  const nLow = nearestMultiple(low), nHigh = nearestMultiple(high);
  const r = firstOfEach(f32x4.demote_f64x2_zero(remainder(low, nLow)), f32x4.demote_f64x2_zero(remainder(high, nHigh)));
  const n = firstOfEach(i32x4.trunc_sat_f64x2_s_zero(nLow), i32x4.trunc_sat_f64x2_s_zero(nHigh));
  return scaledExp(r, n);
}

@inline function bounded(x: v128): v128 { return f64x2.pmin(f64x2.pmax(x, f64x2.splat(LOWEST)), f64x2.splat(HIGHEST)); }
@inline function nearestMultiple(x: v128): v128 { return f64x2.nearest(f64x2.mul(x, f64x2.splat(LOG2_E))); }
@inline function remainder(x: v128, n: v128): v128 { return f64x2.sub(x, f64x2.mul(n, f64x2.splat(LN2))); }
@inline function firstOfEach(low: v128, high: v128): v128 { return v128.shuffle<i64>(low, high, 0, 2); }

/** xʸ from |x|ʸ, which is wrong so far for 0, ∞ and NaN. */
function atTheEnds(x: v128, y: v128, size: v128, general: v128): v128 {
  const zero = f32x4.splat(0), one = f32x4.splat(1), infinity = f32x4.splat(Infinity);
  // 0 and ∞ stay, or are exchanged; NaN stays.
  const end = v128.bitselect(size, f32x4.div(one, size), f32x4.gt(y, zero));
  const isEnd = v128.and(v128.or(f32x4.eq(size, zero), f32x4.eq(size, infinity)), f32x4.eq(y, y));
  let result = v128.bitselect(end, general, isEnd);
  const half = f32x4.mul(y, f32x4.splat(0.5));
  const isInteger = f32x4.eq(y, f32x4.trunc(y)), isEven = f32x4.eq(half, f32x4.trunc(half));
  const isOdd = v128.andnot(isInteger, isEven);
  result = v128.xor(result, v128.and(v128.and(x, i32x4.splat(i32.MIN_VALUE)), isOdd));
  const isComplex = v128.andnot(v128.and(f32x4.lt(x, zero), f32x4.gt(x, f32x4.splat(-Infinity))), isInteger);
  result = v128.or(result, v128.or(isComplex, f32x4.ne(x, x)));
  return v128.bitselect(one, result, f32x4.eq(y, zero));
}
