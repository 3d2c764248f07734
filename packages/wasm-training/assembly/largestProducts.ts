// Which rows of a product are the largest in each column, without the product in memory as a whole.

import { gemm, gemmScratchBytes } from './gemm';
import { VECTOR, at, min } from './vector';

/** Rows of the product that are made at once: they stay in the cache until they are compared. */
const ROWS: i32 = 256;

/** Bytes of scratch memory that `largestProducts` needs. */
export function largestProductsScratchBytes(columns: i32): i32 {
  return gemmScratchBytes() + 4 * (ROWS + 1) * columns;
}

/** index[s][j] = the first i with the largest Σ_p x[s][i][p] · w[p][j], of `sets` × `rows` × `depth` and `depth` × `columns`. */
export function largestProducts(
  x: usize, w: usize, index: usize, sets: i32, rows: i32, depth: i32, columns: i32, scratch: usize,
): void {
  const largest = scratch + <usize>gemmScratchBytes();
  const products = at(largest, columns);
  for (let s = 0; s < sets; s++, index = at(index, columns)) {
    for (let i = 0; i < rows; i += ROWS) {
      const count = min(ROWS, rows - i);
      gemm(x, depth, 1, w, columns, 1, products, columns, count, columns, depth, 0, 0, false, scratch);
      for (let r = 0; r < count; r++) keepLargest(largest, index, at(products, r * columns), i + r, columns);
      x = at(x, count * depth);
    }
  }
}

/** Takes the numbers of a row that are larger than those before it, and NaN; all those of row 0. */
function keepLargest(largest: usize, index: usize, products: usize, row: i32, columns: i32): void {
  if (row == 0) {
    memory.copy(largest, products, at(0, columns));
    memory.fill(index, 0, at(0, columns));
    return;
  }
  const vectorsEnd = at(products, columns & ~3), end = at(products, columns);
  const rows = i32x4.splat(row);
  while (products != vectorsEnd) {
    const x = v128.load(products), before = v128.load(largest);
    const isLarger = v128.or(f32x4.gt(x, before), v128.and(f32x4.ne(x, x), f32x4.eq(before, before)));
    v128.store(largest, v128.bitselect(x, before, isLarger));
    v128.store(index, v128.bitselect(rows, v128.load(index), isLarger));
    products += VECTOR; largest += VECTOR; index += VECTOR;
  }
  while (products != end) {
    const x = load<f32>(products), before = load<f32>(largest);
    if (x > before || (x != x && before == before)) {
      store<f32>(largest, x);
      store<i32>(index, row);
    }
    products = at(products, 1); largest = at(largest, 1); index = at(index, 1);
  }
}
