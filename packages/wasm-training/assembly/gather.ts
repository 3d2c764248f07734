// Rows picked by an index, and their gradient.

import { copyBytes } from './copy';
import { FLOAT, VECTOR, at, vectorBytes } from './vector';

/** out[o][i] = x[o][indices[i]], of `outer` × `count` rows of so many bytes; x has `size` rows for each o. */
export function gatherRows(x: usize, indices: usize, out: usize, outer: i32, size: i32, count: i32, rowBytes: usize): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < count; i++) {
      copyBytes(x + <usize>load<i32>(at(indices, i)) * rowBytes, out, rowBytes);
      out += rowBytes;
    }
    x += <usize>size * rowBytes;
  }
}

/** out[s] = Σ x[i] over the i with segments[i] = s, of rows of `columns` floats; rows of other segments count nowhere. */
export function segmentSum(x: usize, segments: usize, out: usize, rows: i32, columns: i32, segmentCount: i32): void {
  const bytes = at(0, columns);
  memory.fill(out, 0, <usize>segmentCount * bytes);
  for (let row = 0; row < rows; row++, x += bytes) {
    const segment = load<i32>(at(segments, row));
    if (<u32>segment >= <u32>segmentCount) continue;
    add(out + <usize>segment * bytes, x, columns);
  }
}

/** target += source */
export function add(target: usize, source: usize, count: i32): void {
  const vectors = vectorBytes(count), bytes = at(0, count);
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) v128.store(target + i, f32x4.add(v128.load(target + i), v128.load(source + i)));
  for (; i < bytes; i += FLOAT) store<f32>(target + i, load<f32>(target + i) + load<f32>(source + i));
}
