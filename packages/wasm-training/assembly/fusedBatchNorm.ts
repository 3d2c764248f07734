// Normalisation by means and variances that are given, and its gradient. x is a matrix with a mean for each column; of a single
// row, if each number has its own mean.

import { addProducts } from './batchNorm';
import { DOUBLE } from './doubles';
import { FLOAT, VECTOR, at, multiplyAdd, put, take, vectorBytes } from './vector';

/** y = (x − mean) · scale / √(variance + ε) + offset; a scale or an offset at address 0 is left out. */
export function fusedBatchNorm(
  x: usize, means: usize, variances: usize, scale: usize, offset: usize, y: usize, rows: i32, columns: i32, epsilon: f32,
): void {
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  for (let row = 0; row < rows; row++, x += bytes, y += bytes) {
    let i: usize = 0;
    for (; i < vectors; i += VECTOR) normalize(x, means, variances, scale, offset, y, i, epsilon, true);
    for (; i < bytes; i += FLOAT) normalize(x, means, variances, scale, offset, y, i, epsilon, false);
  }
}

@inline function normalize(
  x: usize, means: usize, variances: usize, scale: usize, offset: usize, y: usize, i: usize, epsilon: f32, isVector: bool,
): void {
  const inverse = inverseDeviation(variances + i, epsilon, isVector);
  const factor = scale ? f32x4.mul(inverse, take(scale + i, isVector)) : inverse;
  const distance = f32x4.sub(take(x + i, isVector), take(means + i, isVector));
  const constant = offset ? take(offset + i, isVector) : f32x4.splat(0);
  put(y + i, multiplyAdd(distance, factor, constant), isVector);
}

/**
 * With d = x − mean, v = 1 / √(variance + ε) and sums over the rows:
 * dx = dy · v · scale, and for each column dmean = −v · scale · Σ dy, dvariance = −½ v³ · scale · Σ (dy · d),
 * dscale = v · Σ (dy · d), doffset = Σ dy.
 * @param work working memory for two float64 for each column, if there is more than one row
 */
export function fusedBatchNormGradient(
  dy: usize, x: usize, means: usize, variances: usize, scale: usize, dx: usize, dmean: usize, dvariance: usize,
  dscale: usize, doffset: usize, work: usize, rows: i32, columns: i32, epsilon: f32,
): void {
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  sumRows(dy, x, means, doffset, dscale, work, rows, columns);
  for (let row = 0; row < rows; row++, dy += bytes, dx += bytes) {
    let i: usize = 0;
    for (; i < vectors; i += VECTOR) scaleBack(dy + i, variances + i, scale + i, dx + i, epsilon, true);
    for (; i < bytes; i += FLOAT) scaleBack(dy + i, variances + i, scale + i, dx + i, epsilon, false);
  }
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) {
    columnGradients(variances + i, scale + i, dmean + i, dvariance + i, dscale + i, doffset + i, epsilon, true);
  }
  for (; i < bytes; i += FLOAT) {
    columnGradients(variances + i, scale + i, dmean + i, dvariance + i, dscale + i, doffset + i, epsilon, false);
  }
}

/** Σ dy and Σ (dy · d) of each column. */
function sumRows(
  dy: usize, x: usize, means: usize, slopes: usize, products: usize, work: usize, rows: i32, columns: i32,
): void {
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  if (rows == 1) {
    let i: usize = 0;
    for (; i < vectors; i += VECTOR) product(dy + i, x + i, means + i, slopes + i, products + i, true);
    for (; i < bytes; i += FLOAT) product(dy + i, x + i, means + i, slopes + i, products + i, false);
    return;
  }
  const doubles = <usize>columns * DOUBLE;
  memory.fill(work, 0, 2 * doubles);
  for (let row = 0; row < rows; row++, dy += bytes, x += bytes) addProducts(dy, x, means, work, work + doubles, columns);
  for (let column = 0; column < columns; column++) {
    const sums = work + <usize>column * DOUBLE;
    store<f32>(at(slopes, column), <f32>load<f64>(sums));
    store<f32>(at(products, column), <f32>load<f64>(sums + doubles));
  }
}

@inline function product(dy: usize, x: usize, mean: usize, slope: usize, product: usize, isVector: bool): void {
  const value = take(dy, isVector);
  put(slope, value, isVector);
  put(product, f32x4.mul(value, f32x4.sub(take(x, isVector), take(mean, isVector))), isVector);
}

@inline function scaleBack(dy: usize, variance: usize, scale: usize, dx: usize, epsilon: f32, isVector: bool): void {
  const factor = f32x4.mul(inverseDeviation(variance, epsilon, isVector), take(scale, isVector));
  put(dx, f32x4.mul(take(dy, isVector), factor), isVector);
}

/** From Σ dy, which `doffset` holds, and Σ (dy · d), which `dscale` holds until now. */
@inline function columnGradients(
  variance: usize, scale: usize, dmean: usize, dvariance: usize, dscale: usize, doffset: usize, epsilon: f32, isVector: bool,
): void {
  const inverse = inverseDeviation(variance, epsilon, isVector);
  const factor = f32x4.mul(inverse, take(scale, isVector));
  const scaleGradient = f32x4.mul(inverse, take(dscale, isVector));
  put(dmean, f32x4.neg(f32x4.mul(factor, take(doffset, isVector))), isVector);
  put(dvariance, f32x4.mul(f32x4.mul(f32x4.splat(-0.5), inverse), f32x4.mul(factor, scaleGradient)), isVector);
  put(dscale, scaleGradient, isVector);
}

@inline function inverseDeviation(variance: usize, epsilon: f32, isVector: bool): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(take(variance, isVector), f32x4.splat(epsilon))));
}
