// Copies between layouts.

/** Copies `rows` rows of `rowBytes` bytes that lie `stride` bytes apart into adjacent rows. */
export function copyRows(source: usize, target: usize, rows: i32, rowBytes: i32, stride: i32): void {
  for (let i = 0; i < rows; i++) {
    memory.copy(target, source, rowBytes);
    source += stride;
    target += rowBytes;
  }
}
