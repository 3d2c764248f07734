// Panels of a matrix for the innermost loop of the product: the values of a few rows or columns ("lanes"), those of one step
// adjacent.

import { FLOAT, VECTOR, at, min, vectorBytes } from './vector';

/** Rows of A in a panel, and columns of B. */
export const TILE_ROWS: i32 = 4;
export const TILE_COLUMNS: i32 = 8;

/** Panels of four rows of A: the four values of each column adjacent. */
export function packRows(target: usize, a: usize, row: i32, column: i32, rows: i32, depth: i32): void {
  for (let i = 0; i < rows; i += TILE_ROWS) {
    packPanel(target, at(a, i * row), row, column, min(TILE_ROWS, rows - i), depth, TILE_ROWS);
    target = at(target, TILE_ROWS * depth);
  }
}

/** Panels of eight columns of B: the eight values of each row adjacent. */
export function packColumns(target: usize, b: usize, row: i32, column: i32, depth: i32, columns: i32): void {
  for (let j = 0; j < columns; j += TILE_COLUMNS) {
    packPanel(target, at(b, j * column), column, row, min(TILE_COLUMNS, columns - j), depth, TILE_COLUMNS);
    target = at(target, TILE_COLUMNS * depth);
  }
}

/**
 * target[p · width + l] = source[l · lane + p · step] for `lanes` ≤ `width` lanes; width is 4 or 8.
 * Lanes beyond `lanes` keep what they hold: they only reach cells of the tile that are never copied to C.
 */
@inline function packPanel(
  target: usize, source: usize, lane: i32, step: i32, lanes: i32, depth: i32, width: i32,
): void {
  if (lanes == width && lane == 1) {
    packAdjacent(target, source, step, depth, width);
  } else if (lanes == width && step == 1) {
    packLanes(target, source, lane, depth, width);
    if (width == 8) packLanes(target + VECTOR, at(source, 4 * lane), lane, depth, width);
  } else {
    packScattered(target, source, lane, step, lanes, depth, width);
  }
}

/** The lanes lie side by side: copy vectors. */
function packAdjacent(target: usize, source: usize, step: i32, depth: i32, width: i32): void {
  for (let p = 0; p < depth; p++) {
    v128.store(target, v128.load(source));
    if (width == 8) v128.store(target, v128.load(source, VECTOR), VECTOR);
    source = at(source, step);
    target = at(target, width);
  }
}

/** Each of four lanes lies in one piece. */
function packLanes(target: usize, source: usize, lane: i32, depth: i32, width: i32): void {
  packPieces(target, source, at(source, lane), at(source, 2 * lane), at(source, 3 * lane), depth, width);
}

/** Four lanes that lie anywhere, each in one piece: four steps at a time, transposed in registers. */
export function packPieces(
  target: usize, lane0: usize, lane1: usize, lane2: usize, lane3: usize, depth: i32, width: i32,
): void {
  const next = at(0, width);
  const end = lane0 + vectorBytes(depth);
  while (lane0 != end) {
    const x0 = v128.load(lane0), x1 = v128.load(lane1), x2 = v128.load(lane2), x3 = v128.load(lane3);
    const low01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5), high01 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
    const low23 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5), high23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<i64>(low01, low23, 0, 2)); target += next;
    v128.store(target, v128.shuffle<i64>(low01, low23, 1, 3)); target += next;
    v128.store(target, v128.shuffle<i64>(high01, high23, 0, 2)); target += next;
    v128.store(target, v128.shuffle<i64>(high01, high23, 1, 3)); target += next;
    lane0 += VECTOR; lane1 += VECTOR; lane2 += VECTOR; lane3 += VECTOR;
  }
  for (let p = depth & ~3; p < depth; p++) {
    storeLanes(target, load<f32>(lane0), load<f32>(lane1), load<f32>(lane2), load<f32>(lane3));
    lane0 += FLOAT; lane1 += FLOAT; lane2 += FLOAT; lane3 += FLOAT;
    target += next;
  }
}

@inline export function storeLanes(target: usize, x0: f32, x1: f32, x2: f32, x3: f32): void {
  store<f32>(target, x0);
  store<f32>(target, x1, FLOAT);
  store<f32>(target, x2, 2 * FLOAT);
  store<f32>(target, x3, 3 * FLOAT);
}

/** Any distances, one float at a time. */
function packScattered(target: usize, source: usize, lane: i32, step: i32, lanes: i32, depth: i32, width: i32): void {
  for (let p = 0; p < depth; p++) {
    for (let l = 0; l < lanes; l++) store<f32>(at(target, l), load<f32>(at(source, l * lane)));
    source = at(source, step);
    target = at(target, width);
  }
}
