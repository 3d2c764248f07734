// Copies between layouts.

import { Loop } from './Loop';
import { transpose } from './transpose';
import { FLOAT, VECTOR, at, vectorBytes } from './vector';

/** From so many bytes on, the engine's own copy is faster than a loop. */
const LONG: usize = 256;

/**
 * Copies elements of 1 or 4 bytes from one layout into another: `loops` nested loops, two at least, that move `source` by their
 * first step and `target` by their second one.
 */
export function copyStrided(loopsAt: usize, loops: i32, source: usize, target: usize, elementBytes: i32): void {
  const loop = changetype<Loop>(loopsAt);
  if (loops == 2) {
    copyMatrix(loop, source, target, elementBytes);
    return;
  }
  for (let i = 0; i < loop.count; i++) {
    copyStrided(changetype<usize>(loop.inner), loops - 1, source, target, elementBytes);
    source += loop.first;
    target += loop.second;
  }
}

/** The two innermost loops: rows that lie in one piece, a transpose, one number everywhere, or single elements. */
function copyMatrix(rows: Loop, source: usize, target: usize, elementBytes: i32): void {
  const columns = rows.inner;
  const isTargetRow = columns.second == elementBytes, areFloats = elementBytes == <i32>FLOAT;
  if (areFloats && isTargetRow && rows.first == elementBytes && columns.first != elementBytes) {
    transpose(source, columns.first, target, rows.second, columns.count, rows.count);
    return;
  }
  for (let i = 0; i < rows.count; i++) {
    if (isTargetRow && columns.first == elementBytes) copyBytes(source, target, <usize>columns.count * elementBytes);
    else if (isTargetRow && columns.first == 0 && areFloats) fill(source, target, columns.count);
    else if (areFloats) copyElements<f32>(columns, source, target);
    else copyElements<u8>(columns, source, target);
    source += rows.first;
    target += rows.second;
  }
}

/** Copies bytes that do not overlap. Loops of vectors end with one that overlaps the one before. */
@inline export function copyBytes(source: usize, target: usize, bytes: usize): void {
  if (bytes >= LONG) {
    memory.copy(target, source, bytes);
  } else if (bytes >= VECTOR) {
    const last = bytes - VECTOR;
    for (let i: usize = 0; i < last; i += VECTOR) v128.store(target + i, v128.load(source + i));
    v128.store(target + last, v128.load(source + last));
  } else if (bytes >= 8) {
    const last = bytes - 8;
    const head = load<u64>(source), tail = load<u64>(source + last);
    store<u64>(target, head);
    store<u64>(target + last, tail);
  } else if (bytes == FLOAT) {
    store<u32>(target, load<u32>(source));
  } else {
    for (let i: usize = 0; i < bytes; i++) store<u8>(target + i, load<u8>(source + i));
  }
}

/** Writes one float `count` times. */
function fill(source: usize, target: usize, count: i32): void {
  const value = v128.load_splat<f32>(source);
  const vectors = vectorBytes(count), bytes = at(0, count);
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) v128.store(target + i, value);
  for (; i < bytes; i += FLOAT) v128.store_lane<f32>(target + i, value, 0);
}

function copyElements<Element>(loop: Loop, source: usize, target: usize): void {
  for (let i = 0; i < loop.count; i++) {
    store<Element>(target, load<Element>(source));
    source += loop.first;
    target += loop.second;
  }
}
