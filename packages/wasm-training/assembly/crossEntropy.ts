// Softmax cross-entropy with class indices as labels, row by row.

import { FLOAT, VECTOR, at, vectorBytes } from './vector';
import { exp } from './exponential';

/**
 * δ = softmax(z) − onehot(y) for each row of `columns` logits; a label out of range leaves softmax(z).
 *
 * For the loss log Σ exp(z − max) − (z_y − max), writes Σ exp(z − max) and z_y − max to `parts`, two floats a row; for a
 * label out of range 1 and 0, which make it 0.
 */
export function crossEntropy(logits: usize, labels: usize, parts: usize, gradient: usize, rows: i32, columns: i32): void {
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  for (let row = 0; row < rows; row++) {
    const largest = largestOf(logits, columns);
    const sum = exponentials(logits, gradient, largest, vectors, bytes);
    const scale = f32x4.splat(1.0 / sum);
    let i: usize = 0;
    for (; i < vectors; i += VECTOR) v128.store(gradient + i, f32x4.mul(v128.load(gradient + i), scale));
    for (; i < bytes; i += FLOAT) store<f32>(gradient + i, load<f32>(gradient + i) / sum);
    const label = load<i32>(at(labels, row));
    const isKnown = label >= 0 && label < columns;
    if (isKnown) store<f32>(at(gradient, label), load<f32>(at(gradient, label)) - 1);
    store<f32>(parts, isKnown ? sum : 1);
    store<f32>(parts, isKnown ? load<f32>(at(logits, label)) - largest : 0, FLOAT);
    logits += bytes;
    gradient += bytes;
    parts += 2 * FLOAT;
  }
}

function largestOf(x: usize, count: i32): f32 {
  let largest = load<f32>(x);
  for (let i = 1; i < count; i++) largest = max<f32>(largest, load<f32>(at(x, i)));
  return largest;
}

/** Writes exp(x − largest) and returns its sum. */
function exponentials(x: usize, out: usize, largest: f32, vectors: usize, bytes: usize): f32 {
  const vLargest = f32x4.splat(largest);
  let vSum = f32x4.splat(0);
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) {
    const value = exp(f32x4.sub(v128.load(x + i), vLargest));
    v128.store(out + i, value);
    vSum = f32x4.add(vSum, value);
  }
  let sum = f32x4.extract_lane(vSum, 0) + f32x4.extract_lane(vSum, 1)
    + f32x4.extract_lane(vSum, 2) + f32x4.extract_lane(vSum, 3);
  for (; i < bytes; i += FLOAT) {
    const value = f32x4.extract_lane(exp(f32x4.splat(load<f32>(x + i) - largest)), 0);
    store<f32>(out + i, value);
    sum += value;
  }
  return sum;
}
