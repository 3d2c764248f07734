// Sums along one axis, added up in float64.

import { DOUBLE, addFloats, addTo, highDoubles, lowDoubles, sumOfDoubles } from './doubles';
import { FLOAT, VECTOR, at, vectorBytes } from './vector';

/** out[o][i] = scale · Σ_r x[o][r][i], of `outer` × `length` × `inner` floats; `scratch` has room for `inner` float64. */
export function sumAxis(x: usize, out: usize, outer: i32, length: i32, inner: i32, scale: f64, scratch: usize): void {
  for (let o = 0; o < outer; o++) {
    if (inner == 1) store<f32>(out, <f32>(scale * sumRow(x, length)));
    else sumColumns(x, out, length, inner, scale, scratch);
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

/** Sums of columns, in float64 at `sums`. Rows are read front to back, four at a time. */
function sumColumns(x: usize, out: usize, rows: i32, columns: i32, scale: f64, sums: usize): void {
  memory.fill(sums, 0, <usize>columns * DOUBLE);
  let i = 0;
  for (; i + 4 <= rows; i += 4, x = at(x, 4 * columns)) addFourRows(x, sums, columns);
  for (; i < rows; i++, x = at(x, columns)) addRow(x, sums, columns);
  for (const end = at(out, columns); out != end; out += FLOAT, sums += DOUBLE) {
    store<f32>(out, <f32>(scale * load<f64>(sums)));
  }
}

function addFourRows(row0: usize, sums: usize, columns: i32): void {
  const row1 = at(row0, columns), row2 = at(row1, columns), row3 = at(row2, columns);
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  let j: usize = 0;
  for (; j < vectors; j += VECTOR, sums += 2 * VECTOR) {
    const x0 = v128.load(row0 + j), x1 = v128.load(row1 + j), x2 = v128.load(row2 + j), x3 = v128.load(row3 + j);
    const low = f64x2.add(f64x2.add(v128.load(sums), lowDoubles(x0)), lowDoubles(x1));
    const high = f64x2.add(f64x2.add(v128.load(sums, VECTOR), highDoubles(x0)), highDoubles(x1));
    v128.store(sums, f64x2.add(f64x2.add(low, lowDoubles(x2)), lowDoubles(x3)));
    v128.store(sums, f64x2.add(f64x2.add(high, highDoubles(x2)), highDoubles(x3)), VECTOR);
  }
  for (; j < bytes; j += FLOAT, sums += DOUBLE) {
    const firstTwo = load<f64>(sums) + <f64>load<f32>(row0 + j) + <f64>load<f32>(row1 + j);
    store<f64>(sums, firstTwo + <f64>load<f32>(row2 + j) + <f64>load<f32>(row3 + j));
  }
}

function addRow(row: usize, sums: usize, columns: i32): void {
  const vectorsEnd = row + vectorBytes(columns), end = at(row, columns);
  for (; row != vectorsEnd; row += VECTOR, sums += 2 * VECTOR) addFloats(sums, v128.load(row));
  for (; row != end; row += FLOAT, sums += DOUBLE) addTo(sums, <f64>load<f32>(row));
}
