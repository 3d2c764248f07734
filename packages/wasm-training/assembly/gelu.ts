// The Gaussian error linear unit x Φ(x), and the approximation of it by tanh, with their gradients.

import { exp } from './exponential';
import { erf, sigmoid } from './sigmoids';
import { multiplyAdd } from './vector';

/** 1 / √2 and 1 / √(2π) */
const INVERSE_ROOT_2: f32 = 0.707106781;
const DENSITY_AT_0: f32 = 0.398942280;

/** 2 √(2/π), and the same times 0.044715 */
const LINEAR: f32 = 1.59576912;
const CUBIC: f32 = 0.0713548163;

/** Beyond, the gradients have rounded to 0 and 1; their terms would be infinite. */
const FAR: f32 = 12;

/** x Φ(x) with Φ(x) = ½ (1 + erf(x / √2)) */
@inline export function gelu(x: v128): v128 { return f32x4.mul(x, normalDistribution(x)); }

/** Φ(x) + x φ(x) with φ(x) = exp(−x²/2) / √(2π) */
@inline export function geluSlope(x: v128): v128 {
  const near = bounded(x);
  const density = f32x4.mul(exp(f32x4.mul(f32x4.mul(near, near), f32x4.splat(-0.5))), f32x4.splat(DENSITY_AT_0));
  return multiplyAdd(near, density, normalDistribution(near));
}

/** x σ(2u) = ½ x (1 + tanh u) with u = √(2/π) (x + 0.044715 x³) */
@inline export function tanhGelu(x: v128): v128 { return f32x4.mul(x, sigmoid(cubic(x))); }

/** σ + 2 x u′ σ (1 − σ) at 2u; with e = exp −|2u| it is σ (1 − σ) = e / (1 + e)², without loss where σ is near 1. */
@inline export function tanhGeluSlope(x: v128): v128 {
  const near = bounded(x), one = f32x4.splat(1);
  const u = cubic(near);
  const e = exp(f32x4.neg(f32x4.abs(u)));
  const larger = f32x4.div(one, f32x4.add(one, e));
  const smaller = f32x4.mul(e, larger);
  const s = v128.bitselect(smaller, larger, f32x4.lt(u, f32x4.splat(0)));
  const slope = multiplyAdd(f32x4.mul(near, near), f32x4.splat(3 * CUBIC), f32x4.splat(LINEAR));
  return multiplyAdd(f32x4.mul(near, slope), f32x4.mul(smaller, larger), s);
}

@inline function normalDistribution(x: v128): v128 {
  const half = f32x4.splat(0.5);
  return multiplyAdd(erf(f32x4.mul(x, f32x4.splat(INVERSE_ROOT_2))), half, half);
}

/** 2u */
@inline function cubic(x: v128): v128 {
  return f32x4.mul(x, multiplyAdd(f32x4.mul(x, x), f32x4.splat(CUBIC), f32x4.splat(LINEAR)));
}

@inline function bounded(x: v128): v128 { return f32x4.pmin(f32x4.pmax(x, f32x4.splat(-FAR)), f32x4.splat(FAR)); }
