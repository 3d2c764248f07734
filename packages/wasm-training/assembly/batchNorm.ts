// Normalisation of the columns of a matrix, and its gradient. Rows are read in their order; sums and factors of the columns
// lie in working memory.

import { DOUBLE, addFloats, addTo, highDoubles, lowDoubles, varianceOf } from './doubles';
import { FLOAT, VECTOR, at, multiplyAdd, put, take, vectorBytes } from './vector';

/**
 * y = (x − mean) · inverse · scale + offset with mean, variance and inverse = 1 / √(variance + ε) of each column.
 * Of the distances d to the first row: mean = x₀ + Σ d / n, variance = Σ d² / n − (Σ d / n)².
 * @param work working memory for three float64 for each column
 */
export function batchNorm(
  x: usize, scale: usize, offset: usize, y: usize, means: usize, variances: usize, work: usize, rows: i32, columns: i32,
  epsilon: f64,
): void {
  const doubles = <usize>columns * DOUBLE;
  const sums = work, squares = work + doubles, factors = squares + doubles;
  memory.fill(work, 0, 2 * doubles);
  const bytes = at(0, columns);
  for (let row = 0; row < rows; row++) addDistances(x + <usize>row * bytes, x, sums, squares, columns);
  for (let column = 0; column < columns; column++) {
    const place = <usize>column * DOUBLE;
    const distance = load<f64>(sums + place) / rows;
    const variance = varianceOf(distance, load<f64>(squares + place) / rows);
    const first: f64 = rows ? load<f32>(at(x, column)) : 0;
    store<f32>(at(means, column), <f32>(first + distance));
    store<f32>(at(variances, column), <f32>variance);
    store<f32>(at(factors, column), <f32>(<f64>load<f32>(at(scale, column)) / sqrt<f64>(variance + epsilon)));
  }
  for (let row = 0; row < rows; row++, x += bytes, y += bytes) normalizeRow(x, means, factors, offset, y, columns);
}

function addDistances(x: usize, first: usize, sums: usize, squares: usize, columns: i32): void {
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) {
    const values = v128.load(x + i), origin = v128.load(first + i);
    const low = f64x2.sub(lowDoubles(values), lowDoubles(origin));
    const high = f64x2.sub(highDoubles(values), highDoubles(origin));
    const sum = sums + 2 * i, square = squares + 2 * i;
    v128.store(sum, f64x2.add(v128.load(sum), low));
    v128.store(sum, f64x2.add(v128.load(sum, VECTOR), high), VECTOR);
    v128.store(square, f64x2.add(v128.load(square), f64x2.mul(low, low)));
    v128.store(square, f64x2.add(v128.load(square, VECTOR), f64x2.mul(high, high)), VECTOR);
  }
  for (; i < bytes; i += FLOAT) {
    const distance = <f64>load<f32>(x + i) - <f64>load<f32>(first + i);
    addTo(sums + 2 * i, distance);
    addTo(squares + 2 * i, distance * distance);
  }
}

function normalizeRow(x: usize, means: usize, factors: usize, offset: usize, y: usize, columns: i32): void {
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) normalize(x + i, means + i, factors + i, offset + i, y + i, true);
  for (; i < bytes; i += FLOAT) normalize(x + i, means + i, factors + i, offset + i, y + i, false);
}

/** y = (x − mean) · factor + offset */
@inline function normalize(x: usize, mean: usize, factor: usize, offset: usize, y: usize, isVector: bool): void {
  const distance = f32x4.sub(take(x, isVector), take(mean, isVector));
  put(y, multiplyAdd(distance, take(factor, isVector), take(offset, isVector)), isVector);
}

/**
 * With x̂ = (x − mean) · inverse, and sums and means over the column:
 * doffset = Σ dy,   dscale = Σ dy · x̂,   dx = scale · inverse · (dy − mean dy − x̂ · mean (dy · x̂)).
 * @param work working memory for four float64 for each column
 */
export function batchNormGradient(
  dy: usize, x: usize, scale: usize, means: usize, variances: usize, dx: usize, dscale: usize, doffset: usize, work: usize,
  rows: i32, columns: i32, epsilon: f64,
): void {
  const doubles = <usize>columns * DOUBLE, bytes = at(0, columns);
  const offsetSums = work, productSums = work + doubles;
  memory.fill(work, 0, 2 * doubles);
  for (let row = 0; row < rows; row++) {
    addProducts(dy + <usize>row * bytes, x + <usize>row * bytes, means, offsetSums, productSums, columns);
  }
  const direct = productSums + doubles, slopes = direct + bytes, constants = slopes + bytes;
  for (let column = 0; column < columns; column++) {
    const place = <usize>column * DOUBLE;
    const inverse = 1 / sqrt<f64>(<f64>load<f32>(at(variances, column)) + epsilon);
    const factor = <f64>load<f32>(at(scale, column)) * inverse;
    const offsetSum = load<f64>(offsetSums + place);
    // Without rows the variance is not a number.
    const productSum = rows ? load<f64>(productSums + place) * inverse : 0;
    store<f32>(at(doffset, column), <f32>offsetSum);
    store<f32>(at(dscale, column), <f32>productSum);
    store<f32>(at(direct, column), <f32>factor);
    store<f32>(at(slopes, column), <f32>(factor * inverse * productSum / rows));
    store<f32>(at(constants, column), <f32>(factor * offsetSum / rows));
  }
  for (let row = 0; row < rows; row++, dy += bytes, x += bytes, dx += bytes) {
    inputGradientOfRow(dy, x, means, direct, slopes, constants, dx, columns);
  }
}

/** Adds dy and dy · (x − mean) of one row. */
export function addProducts(dy: usize, x: usize, means: usize, offsetSums: usize, productSums: usize, columns: i32): void {
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) {
    const slope = v128.load(dy + i);
    addFloats(offsetSums + 2 * i, slope);
    addFloats(productSums + 2 * i, f32x4.mul(slope, f32x4.sub(v128.load(x + i), v128.load(means + i))));
  }
  for (; i < bytes; i += FLOAT) {
    const slope = load<f32>(dy + i);
    addTo(offsetSums + 2 * i, slope);
    addTo(productSums + 2 * i, slope * (load<f32>(x + i) - load<f32>(means + i)));
  }
}

function inputGradientOfRow(
  dy: usize, x: usize, means: usize, direct: usize, slopes: usize, constants: usize, dx: usize, columns: i32,
): void {
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) {
    inputGradient(dy + i, x + i, means + i, direct + i, slopes + i, constants + i, dx + i, true);
  }
  for (; i < bytes; i += FLOAT) {
    inputGradient(dy + i, x + i, means + i, direct + i, slopes + i, constants + i, dx + i, false);
  }
}

/** dx = direct · dy − slope · (x − mean) − constant */
@inline function inputGradient(
  dy: usize, x: usize, mean: usize, direct: usize, slope: usize, constant: usize, dx: usize, isVector: bool,
): void {
  const distance = f32x4.sub(take(x, isVector), take(mean, isVector));
  const indirect = multiplyAdd(distance, take(slope, isVector), take(constant, isVector));
  put(dx, f32x4.sub(f32x4.mul(take(dy, isVector), take(direct, isVector)), indirect), isVector);
}
