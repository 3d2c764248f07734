// The transpose of a sum along one axis.

import { FLOAT, VECTOR, at, min, put, take, vectorBytes } from './vector';

/** x[o][r][i] = scale · y[o][i], of `outer` × `length` × `inner` floats. */
export function spreadAxis(y: usize, x: usize, outer: i32, length: i32, inner: i32, scale: f32): void {
  if (length == 0) return;
  for (let o = 0; o < outer; o++) {
    if (inner == 1) fill(x, scale * load<f32>(y), length);
    else repeat(y, x, length, inner, scale);
    y = at(y, inner);
    x = at(x, length * inner);
  }
}

function fill(x: usize, value: f32, count: i32): void {
  const values = f32x4.splat(value);
  const vectorsEnd = x + vectorBytes(count), end = at(x, count);
  for (; x < vectorsEnd; x += VECTOR) put(x, values, true);
  for (; x < end; x += FLOAT) put(x, values, false);
}

/** The first row, and copies of ever more rows. */
function repeat(y: usize, x: usize, length: i32, inner: i32, scale: f32): void {
  const factor = f32x4.splat(scale);
  const vectors = vectorBytes(inner), bytes = at(0, inner);
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) put(x + i, f32x4.mul(take(y + i, true), factor), true);
  for (; i < bytes; i += FLOAT) put(x + i, f32x4.mul(take(y + i, false), factor), false);
  for (let done = 1; done < length; done += done) {
    memory.copy(x + <usize>done * bytes, x, <usize>min(done, length - done) * bytes);
  }
}
