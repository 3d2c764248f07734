// Functions of the shape of an S, of four floats at once. NaN stays NaN.

import { exp, expMinusOne } from './exponential';
import { multiplyAdd, withSign } from './vector';

/** tanh rounds to 1 from here on. */
const TANH_IS_ONE: f32 = 10;
/** erf rounds to 1 from here on. */
const ERF_IS_ONE: f32 = 3.925;

/** 1 / (1 + exp −x) to a relative error of 2e-7, where it is a normal float32 number. */
@inline export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** tanh |x| = −e / (2 + e) with e = exp(−2 |x|) − 1, to a relative error of 2e-7. */
@inline export function tanh(x: v128): v128 {
  const size = f32x4.pmin(f32x4.abs(x), f32x4.splat(TANH_IS_ONE));
  const e = expMinusOne(f32x4.mul(size, f32x4.splat(-2)));
  return withSign(f32x4.div(e, f32x4.add(f32x4.splat(2), e)), x);
}

/** x P(x²) / Q(x²) to a relative error of 4e-7; P and Q minimise the largest relative error, which is 2e-8. */
@inline export function erf(x: v128): v128 {
  const size = f32x4.pmin(f32x4.abs(x), f32x4.splat(ERF_IS_ONE));
  const square = f32x4.mul(size, size);
  let p = f32x4.splat(2.04599214e-6);
  p = multiplyAdd(p, square, f32x4.splat(2.84787419e-4));
  p = multiplyAdd(p, square, f32x4.splat(3.77101695e-3));
  p = multiplyAdd(p, square, f32x4.splat(5.27644849e-2));
  p = multiplyAdd(p, square, f32x4.splat(1.90561026e-1));
  p = multiplyAdd(p, square, f32x4.splat(1.12837915));
  let q = f32x4.splat(3.80444842e-5);
  q = multiplyAdd(q, square, f32x4.splat(1.16344598e-3));
  q = multiplyAdd(q, square, f32x4.splat(1.49801405e-2));
  q = multiplyAdd(q, square, f32x4.splat(1.14168755e-1));
  q = multiplyAdd(q, square, f32x4.splat(5.02213051e-1));
  q = multiplyAdd(q, square, f32x4.splat(1));
  return withSign(f32x4.pmin(f32x4.div(f32x4.mul(size, p), q), f32x4.splat(1)), x);
}
