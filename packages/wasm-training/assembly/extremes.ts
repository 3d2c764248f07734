// Largest and smallest numbers along one axis. A NaN among them is the result.

import { VECTOR, FLOAT, at, put, take, vectorBytes } from './vector';

// Each is a class without fields, so that one loop serves both and is compiled for each.
class Largest {
  @inline first(): v128 { return f32x4.splat(-Infinity); }
  @inline of(x: v128, y: v128): v128 { return f32x4.max(x, y); }
}
class Smallest {
  @inline first(): v128 { return f32x4.splat(Infinity); }
  @inline of(x: v128, y: v128): v128 { return f32x4.min(x, y); }
}

/** y[o][i] = maxᵣ x[o][r][i], of `outer` × `length` × `inner` floats; −∞ of none. */
export function maxAxis(x: usize, y: usize, outer: i32, length: i32, inner: i32): void {
  extremes<Largest>(x, y, outer, length, inner);
}

/** y[o][i] = minᵣ x[o][r][i]; ∞ of none. */
export function minAxis(x: usize, y: usize, outer: i32, length: i32, inner: i32): void {
  extremes<Smallest>(x, y, outer, length, inner);
}

function extremes<Extreme>(x: usize, y: usize, outer: i32, length: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    if (inner == 1) store<f32>(y, extremeOfRow<Extreme>(x, length));
    else extremeOfRows<Extreme>(x, y, length, inner);
    x = at(x, length * inner);
    y = at(y, inner);
  }
}

function extremeOfRow<Extreme>(x: usize, length: i32): f32 {
  const extreme = changetype<Extreme>(<usize>0);
  let found = extreme.first();
  const vectorsEnd = x + vectorBytes(length), end = at(x, length);
  for (; x != vectorsEnd; x += VECTOR) found = extreme.of(found, take(x, true));
  for (; x != end; x += FLOAT) found = extreme.of(found, take(x, false));
  found = extreme.of(found, v128.shuffle<i64>(found, found, 1, 0));
  found = extreme.of(found, v128.shuffle<i32>(found, found, 1, 0, 3, 2));
  return f32x4.extract_lane(found, 0);
}

/** Row by row, so that memory is read front to back; y stays in the cache. */
function extremeOfRows<Extreme>(x: usize, y: usize, rows: i32, columns: i32): void {
  const extreme = changetype<Extreme>(<usize>0);
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  let j: usize = 0;
  for (; j < vectors; j += VECTOR) put(y + j, extreme.first(), true);
  for (; j < bytes; j += FLOAT) put(y + j, extreme.first(), false);
  for (let i = 0; i < rows; i++, x = at(x, columns)) {
    for (j = 0; j < vectors; j += VECTOR) put(y + j, extreme.of(take(y + j, true), take(x + j, true)), true);
    for (; j < bytes; j += FLOAT) put(y + j, extreme.of(take(y + j, false), take(x + j, false)), false);
  }
}

/** dx[o][r][i] = dy[o][i] where x[o][r][i] = y[o][i], else 0. */
export function extremeGradient(dy: usize, x: usize, y: usize, dx: usize, outer: i32, length: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      gradientOfRow(load<f32>(dy), x, load<f32>(y), dx, length);
      x = at(x, length);
      dx = at(dx, length);
    } else {
      for (let r = 0; r < length; r++, x = at(x, inner), dx = at(dx, inner)) passWhereEqual(dy, x, y, dx, inner);
    }
    dy = at(dy, inner);
    y = at(y, inner);
  }
}

function gradientOfRow(dy: f32, x: usize, y: f32, dx: usize, length: i32): void {
  const gradient = f32x4.splat(dy), extreme = f32x4.splat(y);
  const vectors = vectorBytes(length), bytes = at(0, length);
  let j: usize = 0;
  for (; j < vectors; j += VECTOR) put(dx + j, v128.and(gradient, f32x4.eq(take(x + j, true), extreme)), true);
  for (; j < bytes; j += FLOAT) put(dx + j, v128.and(gradient, f32x4.eq(take(x + j, false), extreme)), false);
}

function passWhereEqual(dy: usize, x: usize, y: usize, dx: usize, count: i32): void {
  const vectors = vectorBytes(count), bytes = at(0, count);
  let j: usize = 0;
  for (; j < vectors; j += VECTOR) passEqual(dy + j, x + j, y + j, dx + j, true);
  for (; j < bytes; j += FLOAT) passEqual(dy + j, x + j, y + j, dx + j, false);
}

@inline function passEqual(dy: usize, x: usize, y: usize, dx: usize, isVector: bool): void {
  put(dx, v128.and(take(dy, isVector), f32x4.eq(take(x, isVector), take(y, isVector))), isVector);
}
