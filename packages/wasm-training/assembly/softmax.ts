// The gradient of softmax.

import { plusFloats, sumOfDoubles } from './doubles';
import { FLOAT, VECTOR, at, put, take, vectorBytes } from './vector';

/** dx = y · (dy − Σ dy · y) for each row. */
export function softmaxGradient(dy: usize, y: usize, dx: usize, rows: i32, columns: i32): void {
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  for (let row = 0; row < rows; row++, dy += bytes, y += bytes, dx += bytes) {
    let vSum = f64x2.splat(0);
    let i: usize = 0;
    for (; i < vectors; i += VECTOR) vSum = plusFloats(vSum, f32x4.mul(take(dy + i, true), take(y + i, true)));
    let sum = sumOfDoubles(vSum);
    for (; i < bytes; i += FLOAT) sum += load<f32>(dy + i) * load<f32>(y + i);
    const mean = f32x4.splat(<f32>sum);
    for (i = 0; i < vectors; i += VECTOR) subtractMean(dy + i, y + i, mean, dx + i, true);
    for (; i < bytes; i += FLOAT) subtractMean(dy + i, y + i, mean, dx + i, false);
  }
}

@inline function subtractMean(dy: usize, y: usize, mean: v128, dx: usize, isVector: bool): void {
  put(dx, f32x4.mul(take(y, isVector), f32x4.sub(take(dy, isVector), mean)), isVector);
}
