// sin and cos of four floats at once.
// With x = n π/2 + r and |r| ≤ π/4 both are ± sin r or ± cos r, as n mod 4 tells.

import { ROUNDING } from './exponential';
import { multiplyAdd } from './vector';

const TWO_OVER_PI: f32 = 0.636619772;

/** π/2 in three parts with a sum exact to 67 bits, and how far n times the first two is exact. */
const HALF_PI_HIGH: f32 = 1.5703125;
const HALF_PI_MIDDLE: f32 = 4.8351287841796875e-4;
const HALF_PI_LOW: f32 = 3.1391647e-7;
const EXACT_UP_TO: f32 = 40_000;

const TWO_PI: f64 = 6.283185307179586;
const TWO_TO_64: f64 = 1.8446744073709552e19;

const SIGN: i32 = i32.MIN_VALUE;

/** sin x for every float x with an error below 1e-7, beyond EXACT_UP_TO below 2e-7. Infinity gives NaN. */
@inline export function sin(x: v128): v128 { return sinOfQuarterTurns(x, 0); }

/** cos x, likewise. */
@inline export function cos(x: v128): v128 { return sinOfQuarterTurns(x, 1); }

/** sin (x + quarterTurns · π/2) */
@inline function sinOfQuarterTurns(x: v128, quarterTurns: i32): v128 {
  const isSmall = f32x4.le(f32x4.abs(x), f32x4.splat(EXACT_UP_TO));
  const angle = i32x4.all_true(isSmall) ? x : withoutWholeTurns(x);
  // Its low bits are those of n.
  const rounded = multiplyAdd(angle, f32x4.splat(TWO_OVER_PI), f32x4.splat(ROUNDING));
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDING));
  let r = multiplyAdd(n, f32x4.splat(-HALF_PI_HIGH), angle);
  r = multiplyAdd(n, f32x4.splat(-HALF_PI_MIDDLE), r);
  r = multiplyAdd(n, f32x4.splat(-HALF_PI_LOW), r);
  const quadrant = i32x4.add(rounded, i32x4.splat(quarterTurns));
  const isOdd = i32x4.shr_s(i32x4.shl(quadrant, 31), 31);
  const sign = v128.and(i32x4.shl(quadrant, 30), i32x4.splat(SIGN));
  return v128.xor(v128.bitselect(smallCos(r), smallSin(r), isOdd), sign);
}

/** r + r³ P(r²) for |r| ≤ π/4; P minimises the largest relative error, which is 3.6e-9. */
@inline function smallSin(r: v128): v128 {
  const square = f32x4.mul(r, r);
  let p = f32x4.splat(-1.95172139e-4);
  p = multiplyAdd(p, square, f32x4.splat(8.33217743e-3));
  p = multiplyAdd(p, square, f32x4.splat(-1.66666549e-1));
  return multiplyAdd(f32x4.mul(p, square), r, r);
}

/** 1 − r²/2 + r⁴ P(r²) for |r| ≤ π/4; P minimises the largest error, which is 1e-10. */
@inline function smallCos(r: v128): v128 {
  const square = f32x4.mul(r, r);
  let p = f32x4.splat(2.44384264e-5);
  p = multiplyAdd(p, square, f32x4.splat(-1.38873673e-3));
  p = multiplyAdd(p, square, f32x4.splat(4.16666469e-2));
  p = multiplyAdd(p, square, f32x4.splat(-0.5));
  return multiplyAdd(p, square, f32x4.splat(1));
}

/** Not inlined: it is rarely needed, and the loops that might need it shall stay short. */
function withoutWholeTurns(x: v128): v128 {
  let angle = f32x4.splat(principalAngle(f32x4.extract_lane(x, 0)));
  angle = f32x4.replace_lane(angle, 1, principalAngle(f32x4.extract_lane(x, 1)));
  angle = f32x4.replace_lane(angle, 2, principalAngle(f32x4.extract_lane(x, 2)));
  return f32x4.replace_lane(angle, 3, principalAngle(f32x4.extract_lane(x, 3)));
}

/**
 * The angle in [−π, π] that is whole turns away from x; x itself if it is small. After Payne and Hanek, "Radian reduction for
 * trigonometric functions" (1983): of |x| / 2π = m 2ᵉ / 2π only those bits of 1/2π matter whose product with m 2ᵉ is below one
 * turn, and an integer product modulo 2⁶⁴ drops the turns by itself.
 */
function principalAngle(x: f32): f32 {
  if (abs<f32>(x) <= EXACT_UP_TO) return x;
  const bits = reinterpret<i32>(x);
  const exponent = (bits >> 23 & 255) - 150;
  if (exponent == 105) return NaN;
  const mantissa = <u64>(bits & 0x7fffff | 0x800000);
  // A fraction of a turn in units of 2⁻⁶⁴: as a signed number it lies in [−½, ½).
  const turn = <i64>(mantissa * bitsOfInverseTwoPi(exponent));
  const angle = <f32>(<f64>turn * (TWO_PI / TWO_TO_64));
  return bits < 0 ? -angle : angle;
}

/** 64 bits of 1/2π after the first `skipped` ones; for −64 ≤ skipped ≤ 128, negative ones are zeros before the first bit. */
function bitsOfInverseTwoPi(skipped: i32): u64 {
  const word = (skipped + 64) >> 6, shift = <u64>(skipped & 63);
  const high = wordOfInverseTwoPi(word);
  return shift ? high << shift | wordOfInverseTwoPi(word + 1) >> (64 - shift) : high;
}

/** Words of 64 bits of 1/2π, after one of zeros. */
@inline function wordOfInverseTwoPi(index: i32): u64 {
  if (index == 0) return 0;
  if (index == 1) return 0x28be60db9391054a;
  return index == 2 ? 0x7f09d5f47d4d3770 : 0x36d8a5664f10e410;
}
