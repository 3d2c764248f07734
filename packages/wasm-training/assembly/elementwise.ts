// Functions of one number, and gradients of such functions, over arrays.

import { erf, tanh } from './sigmoids';
import { exp, expm1 } from './exponential';
import { gelu, geluSlope, tanhGelu, tanhGeluSlope } from './gelu';
import { log, logPlusOne, softplus } from './logarithm';
import { powerOfHalf } from './power';
import { cos, sin } from './trigonometry';
import { FLOAT, VECTOR, at, put, take, vectorBytes } from './vector';

/** 2 / √π */
const ERF_SLOPE: f32 = 1.12837917;

// Each function is a class without fields, so that one loop serves them all and is compiled for each.
class Exp { @inline of(x: v128): v128 { return exp(x); } }
class Sin { @inline of(x: v128): v128 { return sin(x); } }
class Cos { @inline of(x: v128): v128 { return cos(x); } }
class Tanh { @inline of(x: v128): v128 { return tanh(x); } }
class Erf { @inline of(x: v128): v128 { return erf(x); } }
class Gelu { @inline of(x: v128): v128 { return gelu(x); } }
class TanhGelu { @inline of(x: v128): v128 { return tanhGelu(x); } }
class Expm1 { @inline of(x: v128): v128 { return expm1(x); } }
class Log { @inline of(x: v128): v128 { return log(x); } }
class Log1p { @inline of(x: v128): v128 { return logPlusOne(x); } }
class Softplus { @inline of(x: v128): v128 { return softplus(x); } }
class Sqrt { @inline of(x: v128): v128 { return f32x4.sqrt(x); } }
class Rsqrt { @inline of(x: v128): v128 { return f32x4.div(f32x4.splat(1), f32x4.sqrt(x)); } }
class Reciprocal { @inline of(x: v128): v128 { return f32x4.div(f32x4.splat(1), x); } }
class Square { @inline of(x: v128): v128 { return f32x4.mul(x, x); } }
class Cube { @inline of(x: v128): v128 { return f32x4.mul(f32x4.mul(x, x), x); } }
class PowerOfHalf { @inline of(x: v128): v128 { return powerOfHalf(x); } }
class PowerOfMinusHalf { @inline of(x: v128): v128 { return f32x4.div(f32x4.splat(1), powerOfHalf(x)); } }

export function mapExp(x: usize, y: usize, count: i32): void { map<Exp>(x, y, count); }
export function mapSin(x: usize, y: usize, count: i32): void { map<Sin>(x, y, count); }
export function mapCos(x: usize, y: usize, count: i32): void { map<Cos>(x, y, count); }
export function mapTanh(x: usize, y: usize, count: i32): void { map<Tanh>(x, y, count); }
export function mapErf(x: usize, y: usize, count: i32): void { map<Erf>(x, y, count); }
export function mapGelu(x: usize, y: usize, count: i32): void { map<Gelu>(x, y, count); }
export function mapTanhGelu(x: usize, y: usize, count: i32): void { map<TanhGelu>(x, y, count); }
export function mapExpm1(x: usize, y: usize, count: i32): void { map<Expm1>(x, y, count); }
export function mapLog(x: usize, y: usize, count: i32): void { map<Log>(x, y, count); }
export function mapLog1p(x: usize, y: usize, count: i32): void { map<Log1p>(x, y, count); }
export function mapSoftplus(x: usize, y: usize, count: i32): void { map<Softplus>(x, y, count); }
export function mapSqrt(x: usize, y: usize, count: i32): void { map<Sqrt>(x, y, count); }
export function mapRsqrt(x: usize, y: usize, count: i32): void { map<Rsqrt>(x, y, count); }
export function mapReciprocal(x: usize, y: usize, count: i32): void { map<Reciprocal>(x, y, count); }
export function mapSquare(x: usize, y: usize, count: i32): void { map<Square>(x, y, count); }
export function mapCube(x: usize, y: usize, count: i32): void { map<Cube>(x, y, count); }
export function mapPowerOfHalf(x: usize, y: usize, count: i32): void { map<PowerOfHalf>(x, y, count); }
export function mapPowerOfMinusHalf(x: usize, y: usize, count: i32): void { map<PowerOfMinusHalf>(x, y, count); }

// Gradients, of x or, where that is what is at hand, of y = f(x).
class SinGradient { @inline of(dy: v128, x: v128): v128 { return f32x4.mul(dy, cos(x)); } }
class CosGradient { @inline of(dy: v128, x: v128): v128 { return f32x4.neg(f32x4.mul(dy, sin(x))); } }
class TanhGradient {
  @inline of(dy: v128, y: v128): v128 { return f32x4.mul(dy, f32x4.sub(f32x4.splat(1), f32x4.mul(y, y))); }
}
class SigmoidGradient {
  @inline of(dy: v128, y: v128): v128 { return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y))); }
}
class ErfGradient {
  @inline of(dy: v128, x: v128): v128 {
    return f32x4.mul(dy, f32x4.mul(f32x4.splat(ERF_SLOPE), exp(f32x4.neg(f32x4.mul(x, x)))));
  }
}
class ReluGradient { @inline of(dy: v128, x: v128): v128 { return v128.and(dy, f32x4.gt(x, f32x4.splat(0))); } }
class Relu6Gradient {
  @inline of(dy: v128, x: v128): v128 {
    return v128.and(dy, v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.le(x, f32x4.splat(6))));
  }
}
class GeluGradient { @inline of(dy: v128, x: v128): v128 { return f32x4.mul(dy, geluSlope(x)); } }
class TanhGeluGradient { @inline of(dy: v128, x: v128): v128 { return f32x4.mul(dy, tanhGeluSlope(x)); } }

export function gradientOfSin(dy: usize, x: usize, dx: usize, count: i32): void { map2<SinGradient>(dy, x, dx, count); }
export function gradientOfCos(dy: usize, x: usize, dx: usize, count: i32): void { map2<CosGradient>(dy, x, dx, count); }
export function gradientOfTanh(dy: usize, y: usize, dx: usize, count: i32): void { map2<TanhGradient>(dy, y, dx, count); }
export function gradientOfSigmoid(dy: usize, y: usize, dx: usize, count: i32): void {
  map2<SigmoidGradient>(dy, y, dx, count);
}
export function gradientOfErf(dy: usize, x: usize, dx: usize, count: i32): void { map2<ErfGradient>(dy, x, dx, count); }
export function gradientOfRelu(dy: usize, x: usize, dx: usize, count: i32): void { map2<ReluGradient>(dy, x, dx, count); }
export function gradientOfRelu6(dy: usize, x: usize, dx: usize, count: i32): void { map2<Relu6Gradient>(dy, x, dx, count); }
export function gradientOfGelu(dy: usize, x: usize, dx: usize, count: i32): void { map2<GeluGradient>(dy, x, dx, count); }
export function gradientOfTanhGelu(dy: usize, x: usize, dx: usize, count: i32): void {
  map2<TanhGeluGradient>(dy, x, dx, count);
}

// Two vectors at a time: engines build the constants of a polynomial anew for each use, but once for both.

/** yᵢ = f(xᵢ) */
@inline function map<F>(x: usize, y: usize, count: i32): void {
  const f = changetype<F>(<usize>0);
  const pairs = at(0, count & ~7), bytes = at(0, count);
  let i: usize = 0;
  for (; i < pairs; i += 2 * VECTOR) {
    const y0 = f.of(v128.load(x + i)), y1 = f.of(v128.load(x + i, VECTOR));
    v128.store(y + i, y0);
    v128.store(y + i, y1, VECTOR);
  }
  for (; i < bytes; i += FLOAT) put(y + i, f.of(take(x + i, false)), false);
}

/** zᵢ = f(xᵢ, yᵢ) */
@inline function map2<F>(x: usize, y: usize, z: usize, count: i32): void {
  const f = changetype<F>(<usize>0);
  const pairs = at(0, count & ~7), bytes = at(0, count);
  let i: usize = 0;
  for (; i < pairs; i += 2 * VECTOR) {
    const z0 = f.of(v128.load(x + i), v128.load(y + i));
    const z1 = f.of(v128.load(x + i, VECTOR), v128.load(y + i, VECTOR));
    v128.store(z + i, z0);
    v128.store(z + i, z1, VECTOR);
  }
  for (; i < bytes; i += FLOAT) put(z + i, f.of(take(x + i, false), take(y + i, false)), false);
}

/** dx = dy where low ≤ x ≤ high, else 0 */
export function clipGradient(dy: usize, x: usize, dx: usize, count: i32, low: f32, high: f32): void {
  const vectors = vectorBytes(count), bytes = at(0, count);
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) passWithin(dy + i, x + i, dx + i, low, high, true);
  for (; i < bytes; i += FLOAT) passWithin(dy + i, x + i, dx + i, low, high, false);
}

@inline function passWithin(dy: usize, x: usize, dx: usize, low: f32, high: f32, isVector: bool): void {
  const value = take(x, isVector);
  const isWithin = v128.and(f32x4.ge(value, f32x4.splat(low)), f32x4.le(value, f32x4.splat(high)));
  put(dx, v128.and(take(dy, isVector), isWithin), isVector);
}
