// Functions of two numbers, over tensors that broadcast: `loops` nested loops as in broadcast.ts.

import { NumberRow, TruthRow, overRows } from './broadcast';
import { power } from './power';

// Each function is a class without fields, so that one loop serves them all and is compiled for each.
class Equal { @inline of(a: v128, b: v128): v128 { return f32x4.eq(a, b); } }
class NotEqual { @inline of(a: v128, b: v128): v128 { return f32x4.ne(a, b); } }
class Greater { @inline of(a: v128, b: v128): v128 { return f32x4.gt(a, b); } }
class GreaterEqual { @inline of(a: v128, b: v128): v128 { return f32x4.ge(a, b); } }
class Maximum { @inline of(a: v128, b: v128): v128 { return f32x4.max(a, b); } }
class Minimum { @inline of(a: v128, b: v128): v128 { return f32x4.min(a, b); } }
class Power { @inline of(a: v128, b: v128): v128 { return power(a, b); } }

export function floatsEqual(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): void {
  overRows<TruthRow<Equal>>(loopsAt, loops, a, b, out);
}
export function floatsNotEqual(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): void {
  overRows<TruthRow<NotEqual>>(loopsAt, loops, a, b, out);
}
export function floatsGreater(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): void {
  overRows<TruthRow<Greater>>(loopsAt, loops, a, b, out);
}
export function floatsGreaterEqual(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): void {
  overRows<TruthRow<GreaterEqual>>(loopsAt, loops, a, b, out);
}
export function floatsMaximum(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): void {
  overRows<NumberRow<Maximum>>(loopsAt, loops, a, b, out);
}
export function floatsMinimum(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): void {
  overRows<NumberRow<Minimum>>(loopsAt, loops, a, b, out);
}
export function floatsPower(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): void {
  overRows<NumberRow<Power>>(loopsAt, loops, a, b, out);
}

// The same of int32.
class IntegersEqual { @inline of(a: v128, b: v128): v128 { return i32x4.eq(a, b); } }
class IntegersNotEqual { @inline of(a: v128, b: v128): v128 { return i32x4.ne(a, b); } }
class IntegersGreater { @inline of(a: v128, b: v128): v128 { return i32x4.gt_s(a, b); } }
class IntegersGreaterEqual { @inline of(a: v128, b: v128): v128 { return i32x4.ge_s(a, b); } }
class IntegersMaximum { @inline of(a: v128, b: v128): v128 { return i32x4.max_s(a, b); } }
class IntegersMinimum { @inline of(a: v128, b: v128): v128 { return i32x4.min_s(a, b); } }

export function integersEqual(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): void {
  overRows<TruthRow<IntegersEqual>>(loopsAt, loops, a, b, out);
}
export function integersNotEqual(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): void {
  overRows<TruthRow<IntegersNotEqual>>(loopsAt, loops, a, b, out);
}
export function integersGreater(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): void {
  overRows<TruthRow<IntegersGreater>>(loopsAt, loops, a, b, out);
}
export function integersGreaterEqual(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): void {
  overRows<TruthRow<IntegersGreaterEqual>>(loopsAt, loops, a, b, out);
}
export function integersMaximum(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): void {
  overRows<NumberRow<IntegersMaximum>>(loopsAt, loops, a, b, out);
}
export function integersMinimum(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): void {
  overRows<NumberRow<IntegersMinimum>>(loopsAt, loops, a, b, out);
}
