// Matrix product C = A · B, after Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008):
// blocks of A and B are copied ("packed") into panels that the innermost loop reads front to back, and that loop keeps
// a tile of C in registers. A matrix is given by its address and the distances between its rows and its columns, so
// packing deals with every transposition and the innermost loop knows none.

import { Matrix } from './Matrix';
import { TILE_COLUMNS, TILE_ROWS, packColumns } from './packing';
import { FLOAT, VECTOR, at, min, multiplyAdd, vectorBytes } from './vector';

// The tile of C in registers is 4 × 8, the fastest: eight sums and an iteration's operands fit the 16 vector registers of
// x86-64, larger tiles spill.

// Blocks: a panel of B (depth × 8) stays in the L1 cache, the block of A in L2, the block of B in L2 or L3.
const BLOCK_ROWS: i32 = 128;
const BLOCK_COLUMNS: i32 = 512;
const BLOCK_DEPTH: i32 = 256;

/** Room for the fields of a source of A. */
const SOURCE_BYTES: usize = 64;

/** Bytes of a step of depth in a panel. */
const STEP_OF_A: usize = <usize>TILE_ROWS * FLOAT;
const STEP_OF_B: usize = <usize>TILE_COLUMNS * FLOAT;

// What happens to C after the last block.
const RELU: i32 = 1;
const RELU6: i32 = 2;

/** Bytes of scratch memory that a product needs: what A is made of, a block of B, a block of A and one tile. */
export function gemmScratchBytes(): i32 {
  return SOURCE_BYTES + 4 * (BLOCK_COLUMNS * BLOCK_DEPTH + BLOCK_ROWS * BLOCK_DEPTH + TILE_ROWS * TILE_COLUMNS);
}

/**
 * C[m × n] = activation(A[m × k] · B[k × n] + bias), or C += A · B if `accumulate`.
 * Rows of C are `cRow` floats apart and its columns adjacent. `bias` has n floats; 0 means none.
 */
export function gemm(
  a: usize, aRow: i32, aColumn: i32,
  b: usize, bRow: i32, bColumn: i32,
  c: usize, cRow: i32,
  m: i32, n: i32, k: i32,
  bias: usize, activation: i32, accumulate: bool, scratch: usize,
): void {
  const source = changetype<Matrix>(scratch);
  source.address = a;
  source.row = aRow;
  source.column = aColumn;
  multiply(source, b, bRow, bColumn, c, cRow, m, n, k, bias, activation, accumulate, scratch);
}

/** `gemm` for an A of any source, which stands at the front of the scratch memory. */
export function multiply<Source>(
  source: Source, b: usize, bRow: i32, bColumn: i32, c: usize, cRow: i32, m: i32, n: i32, k: i32,
  bias: usize, activation: i32, accumulate: bool, scratch: usize,
): void {
  if (k == 0) {
    if (!accumulate) for (let i = 0; i < m; i++) memory.fill(at(c, i * cRow), 0, at(0, n));
    finish(c, cRow, m, n, bias, activation);
    return;
  }
  const packedB = scratch + SOURCE_BYTES;
  const packedA = at(packedB, BLOCK_COLUMNS * BLOCK_DEPTH);
  const tile = at(packedA, BLOCK_ROWS * BLOCK_DEPTH);
  for (let j = 0; j < n; j += BLOCK_COLUMNS) {
    const columns = min(BLOCK_COLUMNS, n - j);
    for (let p = 0; p < k; p += BLOCK_DEPTH) {
      const depth = min(BLOCK_DEPTH, k - p);
      packColumns(packedB, at(b, p * bRow + j * bColumn), bRow, bColumn, depth, columns);
      for (let i = 0; i < m; i += BLOCK_ROWS) {
        const rows = min(BLOCK_ROWS, m - i);
        source.pack(packedA, i, p, rows, depth);
        const block = at(c, i * cRow + j);
        multiplyBlocks(packedA, packedB, block, cRow, rows, columns, depth, accumulate || p > 0, tile);
        if (p + depth == k) finish(block, cRow, rows, columns, bias ? at(bias, j) : 0, activation);
      }
    }
  }
}

/** One block of C from the packed blocks, tile by tile. Tiles that stick out of C are made in `tile` and then copied. */
function multiplyBlocks(
  packedA: usize, packedB: usize, c: usize, cRow: i32,
  rows: i32, columns: i32, depth: i32, accumulate: bool, tile: usize,
): void {
  for (let j = 0; j < columns; j += TILE_COLUMNS) {
    const tileColumns = min(TILE_COLUMNS, columns - j);
    const panelB = at(packedB, j * depth);
    for (let i = 0; i < rows; i += TILE_ROWS) {
      const tileRows = min(TILE_ROWS, rows - i);
      const panelA = at(packedA, i * depth);
      const target = at(c, i * cRow + j);
      if (tileRows == TILE_ROWS && tileColumns == TILE_COLUMNS) {
        multiplyTile(panelA, panelB, target, cRow, depth, accumulate);
      } else {
        multiplyTile(panelA, panelB, tile, TILE_COLUMNS, depth, false);
        copyTile(tile, target, cRow, tileRows, tileColumns, accumulate);
      }
    }
  }
}

/**
 * C[4 × 8] = or += panel of A · panel of B; depth ≥ 1.
 *
 * Without relaxed SIMD an iteration makes two steps of depth, with the exit between them: V8 11, the last without it, is 15 %
 * faster so. V8 13 is 6 % slower, and both are with two steps that no exit parts: their loads come first and spill sums.
 */
function multiplyTile(a: usize, b: usize, c: usize, cRow: i32, depth: i32, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = c00;
  let c10 = c00, c11 = c00;
  let c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00;
  const end = at(a, depth * TILE_ROWS), last = end - STEP_OF_A;
  do {
    let b0 = v128.load(b), b1 = v128.load(b, VECTOR);
    let a0 = v128.load_splat<f32>(a), a1 = v128.load_splat<f32>(a, FLOAT);
    let a2 = v128.load_splat<f32>(a, 2 * FLOAT), a3 = v128.load_splat<f32>(a, 3 * FLOAT);
    c00 = multiplyAdd(a0, b0, c00); c01 = multiplyAdd(a0, b1, c01);
    c10 = multiplyAdd(a1, b0, c10); c11 = multiplyAdd(a1, b1, c11);
    c20 = multiplyAdd(a2, b0, c20); c21 = multiplyAdd(a2, b1, c21);
    c30 = multiplyAdd(a3, b0, c30); c31 = multiplyAdd(a3, b1, c31);
    if (!RELAXED) {
      if (a == last) break;
      b0 = v128.load(b, STEP_OF_B); b1 = v128.load(b, STEP_OF_B + VECTOR);
      a0 = v128.load_splat<f32>(a, STEP_OF_A); a1 = v128.load_splat<f32>(a, STEP_OF_A + FLOAT);
      a2 = v128.load_splat<f32>(a, STEP_OF_A + 2 * FLOAT); a3 = v128.load_splat<f32>(a, STEP_OF_A + 3 * FLOAT);
      c00 = multiplyAdd(a0, b0, c00); c01 = multiplyAdd(a0, b1, c01);
      c10 = multiplyAdd(a1, b0, c10); c11 = multiplyAdd(a1, b1, c11);
      c20 = multiplyAdd(a2, b0, c20); c21 = multiplyAdd(a2, b1, c21);
      c30 = multiplyAdd(a3, b0, c30); c31 = multiplyAdd(a3, b1, c31);
    }
    a += RELAXED ? STEP_OF_A : 2 * STEP_OF_A;
    b += RELAXED ? STEP_OF_B : 2 * STEP_OF_B;
  } while (a != end);
  const row1 = at(c, cRow), row2 = at(row1, cRow), row3 = at(row2, cRow);
  if (accumulate) {
    c00 = f32x4.add(c00, v128.load(c)); c01 = f32x4.add(c01, v128.load(c, VECTOR));
    c10 = f32x4.add(c10, v128.load(row1)); c11 = f32x4.add(c11, v128.load(row1, VECTOR));
    c20 = f32x4.add(c20, v128.load(row2)); c21 = f32x4.add(c21, v128.load(row2, VECTOR));
    c30 = f32x4.add(c30, v128.load(row3)); c31 = f32x4.add(c31, v128.load(row3, VECTOR));
  }
  v128.store(c, c00); v128.store(c, c01, VECTOR);
  v128.store(row1, c10); v128.store(row1, c11, VECTOR);
  v128.store(row2, c20); v128.store(row2, c21, VECTOR);
  v128.store(row3, c30); v128.store(row3, c31, VECTOR);
}

function copyTile(tile: usize, c: usize, cRow: i32, rows: i32, columns: i32, accumulate: bool): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const target = at(c, i * cRow + j);
      const value = load<f32>(at(tile, i * TILE_COLUMNS + j));
      store<f32>(target, accumulate ? load<f32>(target) + value : value);
    }
  }
}

/** C = activation(C + bias), in place. */
function finish(c: usize, cRow: i32, rows: i32, columns: i32, bias: usize, activation: i32): void {
  if (!bias && !activation) return;
  const zero = f32x4.splat(0), six = f32x4.splat(6);
  const vectors = vectorBytes(columns), bytes = at(0, columns);
  for (let i = 0; i < rows; i++) {
    let offset: usize = 0;
    for (; offset < vectors; offset += VECTOR) {
      let x = v128.load(c + offset);
      if (bias) x = f32x4.add(x, v128.load(bias + offset));
      // pmax(x, 0) is x < 0 ? 0 : x, so NaN stays NaN.
      if (activation) x = f32x4.pmax(x, zero);
      if (activation == RELU6) x = f32x4.pmin(x, six);
      v128.store(c + offset, x);
    }
    for (; offset < bytes; offset += FLOAT) {
      let x = load<f32>(c + offset);
      if (bias) x += load<f32>(bias + offset);
      if (activation && x < 0) x = 0;
      if (activation == RELU6 && x > 6) x = 6;
      store<f32>(c + offset, x);
    }
    c = at(c, cRow);
  }
}
