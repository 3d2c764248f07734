// Normalisation of the rows of a matrix, and its gradient.

import { DOUBLE, addFloats, addTo, highDoubles, lowDoubles, plusFloats, sumOfDoubles, varianceOf } from './doubles';
import { FLOAT, VECTOR, at, multiplyAdd, put, take, vectorBytes } from './vector';

/** y = (x − mean) · inverse · scale + offset with the mean of each row and inverse = 1 / √(variance + ε). */
export function layerNorm(
  x: usize, scale: usize, offset: usize, y: usize, means: usize, inverses: usize, rows: i32, columns: i32, epsilon: f64,
): void {
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  for (let row = 0; row < rows; row++) {
    statistics(x, columns, epsilon, means, inverses);
    const mean = v128.load_splat<f32>(means), inverse = v128.load_splat<f32>(inverses);
    let i: usize = 0;
    for (; i < vectors; i += VECTOR) normalize(x + i, mean, inverse, scale + i, offset + i, y + i, true);
    for (; i < bytes; i += FLOAT) normalize(x + i, mean, inverse, scale + i, offset + i, y + i, false);
    x += bytes;
    y += bytes;
    means += FLOAT;
    inverses += FLOAT;
  }
}

@inline function normalize(
  x: usize, mean: v128, inverse: v128, scale: usize, offset: usize, y: usize, isVector: bool,
): void {
  const standardized = standardize(take(x, isVector), mean, inverse);
  put(y, multiplyAdd(standardized, take(scale, isVector), take(offset, isVector)), isVector);
}

@inline function standardize(x: v128, mean: v128, inverse: v128): v128 { return f32x4.mul(f32x4.sub(x, mean), inverse); }

/** Of the distances d to the first number: mean = x₀ + Σ d / n, variance = Σ d² / n − (Σ d / n)². */
function statistics(x: usize, columns: i32, epsilon: f64, mean: usize, inverse: usize): void {
  const first: f64 = columns ? load<f32>(x) : 0;
  const vFirst = f64x2.splat(first);
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  let vSum = f64x2.splat(0), vSquares = vSum;
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) {
    const values = v128.load(x + i);
    const low = f64x2.sub(lowDoubles(values), vFirst), high = f64x2.sub(highDoubles(values), vFirst);
    vSum = f64x2.add(vSum, f64x2.add(low, high));
    vSquares = f64x2.add(vSquares, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
  }
  let sum = sumOfDoubles(vSum), squares = sumOfDoubles(vSquares);
  for (; i < bytes; i += FLOAT) {
    const distance = <f64>load<f32>(x + i) - first;
    sum += distance;
    squares += distance * distance;
  }
  const variance = varianceOf(sum / columns, squares / columns);
  store<f32>(mean, <f32>(first + sum / columns));
  store<f32>(inverse, <f32>(1 / sqrt<f64>(variance + epsilon)));
}

/**
 * With x̂ = (x − mean) · inverse and g = dy · scale, and means over the row:
 * dx = inverse · (g − mean g − x̂ · mean (g x̂)),   dscale = Σ dy · x̂,   doffset = Σ dy, over the rows.
 * @param sums working memory for two float64 for each column
 */
export function layerNormGradient(
  dy: usize, x: usize, scale: usize, means: usize, inverses: usize, dx: usize, dscale: usize, doffset: usize, sums: usize,
  rows: i32, columns: i32,
): void {
  const scaleSums = sums, offsetSums = sums + <usize>columns * DOUBLE;
  memory.fill(sums, 0, <usize>columns * 2 * DOUBLE);
  const bytes = at(0, columns);
  for (let row = 0; row < rows; row++) {
    rowGradient(dy, x, scale, load<f32>(means), load<f32>(inverses), dx, scaleSums, offsetSums, columns);
    dy += bytes;
    x += bytes;
    dx += bytes;
    means += FLOAT;
    inverses += FLOAT;
  }
  for (let column = 0; column < columns; column++) {
    store<f32>(at(dscale, column), <f32>load<f64>(scaleSums + <usize>column * DOUBLE));
    store<f32>(at(doffset, column), <f32>load<f64>(offsetSums + <usize>column * DOUBLE));
  }
}

function rowGradient(
  dy: usize, x: usize, scale: usize, mean: f32, inverse: f32, dx: usize, scaleSums: usize, offsetSums: usize, columns: i32,
): void {
  const vMean = f32x4.splat(mean), vInverse = f32x4.splat(inverse);
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  let vSum = f64x2.splat(0), vProducts = vSum;
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) {
    const slope = v128.load(dy + i), factor = v128.load(scale + i);
    const product = f32x4.mul(slope, standardize(v128.load(x + i), vMean, vInverse));
    addFloats(scaleSums + 2 * i, product);
    addFloats(offsetSums + 2 * i, slope);
    vSum = plusFloats(vSum, f32x4.mul(slope, factor));
    vProducts = plusFloats(vProducts, f32x4.mul(product, factor));
  }
  let sum = sumOfDoubles(vSum), products = sumOfDoubles(vProducts);
  for (; i < bytes; i += FLOAT) {
    const slope = load<f32>(dy + i), factor = load<f32>(scale + i);
    const product = slope * ((load<f32>(x + i) - mean) * inverse);
    addTo(scaleSums + 2 * i, product);
    addTo(offsetSums + 2 * i, slope);
    sum += slope * factor;
    products += product * factor;
  }
  const meanSum = f32x4.splat(<f32>(sum / columns)), meanProduct = f32x4.splat(<f32>(products / columns));
  for (i = 0; i < vectors; i += VECTOR) {
    inputGradient(dy + i, x + i, scale + i, vMean, vInverse, meanSum, meanProduct, dx + i, true);
  }
  for (; i < bytes; i += FLOAT) {
    inputGradient(dy + i, x + i, scale + i, vMean, vInverse, meanSum, meanProduct, dx + i, false);
  }
}

@inline function inputGradient(
  dy: usize, x: usize, scale: usize, mean: v128, inverse: v128, meanSum: v128, meanProduct: v128, dx: usize, isVector: bool,
): void {
  const g = f32x4.mul(take(dy, isVector), take(scale, isVector));
  const standardized = standardize(take(x, isVector), mean, inverse);
  put(dx, f32x4.mul(inverse, f32x4.sub(g, multiplyAdd(standardized, meanProduct, meanSum))), isVector);
}
