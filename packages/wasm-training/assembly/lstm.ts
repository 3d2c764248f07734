// One step of a cell of long short-term memory, and its gradient. The gates i, f, g, o lie side by side, `units` of each.

import { sigmoid, tanh } from './sigmoids';
import { FLOAT, VECTOR, at, multiplyAdd, put, take, vectorBytes } from './vector';

/** c = σ(f) c₋₁ + σ(i) tanh(g),   h = σ(o) tanh(c); also the activations σ(i), σ(f), tanh(g), σ(o). */
export function lstmCell(
  gates: usize, cell: usize, h: usize, newCell: usize, activations: usize, batch: i32, units: i32,
): void {
  const vectors = vectorBytes(units), bytes = at(0, units);
  for (let row = 0; row < batch; row++) {
    let i: usize = 0;
    for (; i < vectors; i += VECTOR) unitStep(gates + i, cell + i, h + i, newCell + i, activations + i, bytes, true);
    for (; i < bytes; i += FLOAT) unitStep(gates + i, cell + i, h + i, newCell + i, activations + i, bytes, false);
    gates += 4 * bytes;
    activations += 4 * bytes;
    cell += bytes;
    h += bytes;
    newCell += bytes;
  }
}

/** The step of one unit, or of four; its gates are `next` bytes apart. */
@inline function unitStep(
  gates: usize, cell: usize, h: usize, newCell: usize, activations: usize, next: usize, isVector: bool,
): void {
  const i = sigmoid(take(gates, isVector));
  const f = sigmoid(take(gates + next, isVector));
  const g = tanh(take(gates + 2 * next, isVector));
  const o = sigmoid(take(gates + 3 * next, isVector));
  const c = multiplyAdd(f, take(cell, isVector), f32x4.mul(i, g));
  put(newCell, c, isVector);
  put(h, f32x4.mul(o, tanh(c)), isVector);
  put(activations, i, isVector);
  put(activations + next, f, isVector);
  put(activations + 2 * next, g, isVector);
  put(activations + 3 * next, o, isVector);
}

/**
 * With i, f, g, o after their activations, t = tanh c and δ = dc + dh o (1 − t²):
 * di = δ g i (1 − i),   df = δ c₋₁ f (1 − f),   dg = δ i (1 − g²),   do = dh t o (1 − o),   dc₋₁ = δ f
 */
export function lstmCellGradient(
  dh: usize, dNewCell: usize, activations: usize, cell: usize, newCell: usize, dgates: usize, dcell: usize, batch: i32,
  units: i32,
): void {
  const vectors = vectorBytes(units), bytes = at(0, units);
  for (let row = 0; row < batch; row++) {
    let i: usize = 0;
    for (; i < vectors; i += VECTOR) {
      unitGradient(dh + i, dNewCell + i, activations + i, cell + i, newCell + i, dgates + i, dcell + i, bytes, true);
    }
    for (; i < bytes; i += FLOAT) {
      unitGradient(dh + i, dNewCell + i, activations + i, cell + i, newCell + i, dgates + i, dcell + i, bytes, false);
    }
    activations += 4 * bytes;
    dgates += 4 * bytes;
    dh += bytes;
    dNewCell += bytes;
    cell += bytes;
    newCell += bytes;
    dcell += bytes;
  }
}

@inline function unitGradient(
  dh: usize, dNewCell: usize, activations: usize, cell: usize, newCell: usize, dgates: usize, dcell: usize, next: usize,
  isVector: bool,
): void {
  const i = take(activations, isVector), f = take(activations + next, isVector);
  const g = take(activations + 2 * next, isVector), o = take(activations + 3 * next, isVector);
  const t = tanh(take(newCell, isVector)), slope = take(dh, isVector);
  const delta = multiplyAdd(f32x4.mul(slope, o), oneMinusSquare(t), take(dNewCell, isVector));
  put(dgates, f32x4.mul(f32x4.mul(delta, g), logisticSlope(i)), isVector);
  put(dgates + next, f32x4.mul(f32x4.mul(delta, take(cell, isVector)), logisticSlope(f)), isVector);
  put(dgates + 2 * next, f32x4.mul(f32x4.mul(delta, i), oneMinusSquare(g)), isVector);
  put(dgates + 3 * next, f32x4.mul(f32x4.mul(slope, t), logisticSlope(o)), isVector);
  put(dcell, f32x4.mul(delta, f), isVector);
}

@inline function oneMinusSquare(x: v128): v128 { return f32x4.sub(f32x4.splat(1), f32x4.mul(x, x)); }

/** s (1 − s) */
@inline function logisticSlope(s: v128): v128 { return f32x4.mul(s, f32x4.sub(f32x4.splat(1), s)); }
