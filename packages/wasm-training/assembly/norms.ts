// Euclidean norms of rows, added up in float64: squares of float32 neither overflow nor vanish in it.

import { highDoubles, lowDoubles, sumOfDoubles } from './doubles';
import { FLOAT, VECTOR, at, vectorBytes } from './vector';

/** norms[i] = √Σⱼ x[i][j]² */
export function rowNorms(x: usize, norms: usize, rows: i32, columns: i32): void {
  for (const end = at(norms, rows); norms != end; norms += FLOAT, x = at(x, columns)) {
    store<f32>(norms, <f32>sqrt<f64>(sumOfSquares(x, columns)));
  }
}

function sumOfSquares(x: usize, count: i32): f64 {
  let sums = f64x2.splat(0);
  const vectorsEnd = x + vectorBytes(count), end = at(x, count);
  for (; x != vectorsEnd; x += VECTOR) {
    const low = lowDoubles(v128.load(x)), high = highDoubles(v128.load(x));
    sums = f64x2.add(sums, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
  }
  let sum = sumOfDoubles(sums);
  for (; x != end; x += FLOAT) {
    const value = <f64>load<f32>(x);
    sum += value * value;
  }
  return sum;
}
