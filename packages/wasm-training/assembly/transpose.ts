// Transposes of matrices of floats, in blocks of 4 × 4 that are turned in registers.

import { FLOAT, VECTOR, at, min } from './vector';

/**
 * Rows and columns of a tile: as many as there are floats in a cache line. In a source whose rows are a large power of two apart,
 * larger tiles would push their own lines out of the cache.
 */
const TILE: i32 = 16;

/**
 * target[j][i] = source[i][j] for `rows` × `columns` floats. Rows of the source are `sourceStep` bytes apart, those of the
 * target `targetStep` bytes.
 */
export function transpose(
  source: usize, sourceStep: usize, target: usize, targetStep: usize, rows: i32, columns: i32,
): void {
  for (let j = 0; j < columns; j += TILE) {
    const width = min(TILE, columns - j);
    for (let i = 0; i < rows; i += TILE) {
      const tile = at(source, j) + i * sourceStep;
      transposeTile(tile, sourceStep, at(target, i) + j * targetStep, targetStep, min(TILE, rows - i), width);
    }
  }
}

function transposeTile(
  source: usize, sourceStep: usize, target: usize, targetStep: usize, rows: i32, columns: i32,
): void {
  let j = 0;
  for (; j + 4 <= columns; j += 4) {
    transposeFourColumns(at(source, j), sourceStep, target + j * targetStep, targetStep, rows);
  }
  for (; j < columns; j++) gatherColumn(at(source, j), sourceStep, target + j * targetStep, rows);
}

/** Four columns of the source, which are rows of the target. */
function transposeFourColumns(source: usize, sourceStep: usize, target: usize, targetStep: usize, rows: i32): void {
  let row0 = target, row1 = row0 + targetStep, row2 = row1 + targetStep, row3 = row2 + targetStep;
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const x0 = v128.load(source); source += sourceStep;
    const x1 = v128.load(source); source += sourceStep;
    const x2 = v128.load(source); source += sourceStep;
    const x3 = v128.load(source); source += sourceStep;
    const low01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5), high01 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
    const low23 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5), high23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
    v128.store(row0, v128.shuffle<i64>(low01, low23, 0, 2)); row0 += VECTOR;
    v128.store(row1, v128.shuffle<i64>(low01, low23, 1, 3)); row1 += VECTOR;
    v128.store(row2, v128.shuffle<i64>(high01, high23, 0, 2)); row2 += VECTOR;
    v128.store(row3, v128.shuffle<i64>(high01, high23, 1, 3)); row3 += VECTOR;
  }
  for (; i < rows; i++) {
    const x = v128.load(source); source += sourceStep;
    v128.store_lane<f32>(row0, x, 0); row0 += FLOAT;
    v128.store_lane<f32>(row1, x, 1); row1 += FLOAT;
    v128.store_lane<f32>(row2, x, 2); row2 += FLOAT;
    v128.store_lane<f32>(row3, x, 3); row3 += FLOAT;
  }
}

/** One column of the source, which is a row of the target. */
function gatherColumn(source: usize, sourceStep: usize, target: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) {
    store<f32>(target, load<f32>(source));
    source += sourceStep;
    target += FLOAT;
  }
}
