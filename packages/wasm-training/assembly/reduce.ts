// Sums along one axis, added up in float64.

import { highDoubles, lowDoubles, sumOfDoubles } from './doubles';
import { VECTOR, at } from './vector';

/** out[o][i] = scale · Σ_r x[o][r][i], of `outer` × `length` × `inner` floats. */
export function sumAxis(x: usize, out: usize, outer: i32, length: i32, inner: i32, scale: f64): void {
  for (let o = 0; o < outer; o++) {
    if (inner == 1) store<f32>(out, <f32>(scale * sumRow(x, length)));
    else sumColumns(x, out, length, inner, scale);
    x = at(x, length * inner);
    out = at(out, inner);
  }
}

/** Σ of `length` adjacent floats, in four interleaved partial sums. */
function sumRow(x: usize, length: i32): f64 {
  let low = f64x2.splat(0), high = low;
  const vectorsEnd = at(x, length & ~3), end = at(x, length);
  for (; x != vectorsEnd; x += VECTOR) {
    const values = v128.load(x);
    low = f64x2.add(low, lowDoubles(values));
    high = f64x2.add(high, highDoubles(values));
  }
  low = f64x2.add(low, high);
  let sum = sumOfDoubles(low);
  for (; x != end; x += 4) sum += <f64>load<f32>(x);
  return sum;
}

/** Sixteen columns at a time (a cache line of floats), then four, then one. */
function sumColumns(x: usize, out: usize, rows: i32, columns: i32, scale: f64): void {
  let j = 0;
  for (; j + 16 <= columns; j += 16) sumSixteenColumns(at(x, j), at(out, j), rows, columns, scale);
  for (; j + 4 <= columns; j += 4) sumFourColumns(at(x, j), at(out, j), rows, columns, scale);
  for (; j < columns; j++) {
    let sum: f64 = 0;
    for (let i = 0, p = at(x, j); i < rows; i++, p = at(p, columns)) sum += <f64>load<f32>(p);
    store<f32>(at(out, j), <f32>(scale * sum));
  }
}

function sumSixteenColumns(x: usize, out: usize, rows: i32, columns: i32, scale: f64): void {
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (let i = 0; i < rows; i++, x = at(x, columns)) {
    const x0 = v128.load(x), x1 = v128.load(x, VECTOR), x2 = v128.load(x, 2 * VECTOR), x3 = v128.load(x, 3 * VECTOR);
    s0 = f64x2.add(s0, lowDoubles(x0)); s1 = f64x2.add(s1, highDoubles(x0));
    s2 = f64x2.add(s2, lowDoubles(x1)); s3 = f64x2.add(s3, highDoubles(x1));
    s4 = f64x2.add(s4, lowDoubles(x2)); s5 = f64x2.add(s5, highDoubles(x2));
    s6 = f64x2.add(s6, lowDoubles(x3)); s7 = f64x2.add(s7, highDoubles(x3));
  }
  v128.store(out, scaledFloats(s0, s1, scale));
  v128.store(out, scaledFloats(s2, s3, scale), VECTOR);
  v128.store(out, scaledFloats(s4, s5, scale), 2 * VECTOR);
  v128.store(out, scaledFloats(s6, s7, scale), 3 * VECTOR);
}

function sumFourColumns(x: usize, out: usize, rows: i32, columns: i32, scale: f64): void {
  let s0 = f64x2.splat(0), s1 = s0;
  for (let i = 0; i < rows; i++, x = at(x, columns)) {
    const values = v128.load(x);
    s0 = f64x2.add(s0, lowDoubles(values));
    s1 = f64x2.add(s1, highDoubles(values));
  }
  v128.store(out, scaledFloats(s0, s1, scale));
}

@inline function scaledFloats(low: v128, high: v128, scale: f64): v128 {
  const factor = f64x2.splat(scale);
  const first = f32x4.demote_f64x2_zero(f64x2.mul(low, factor));
  const second = f32x4.demote_f64x2_zero(f64x2.mul(high, factor));
  return v128.shuffle<i64>(first, second, 0, 2);
}
