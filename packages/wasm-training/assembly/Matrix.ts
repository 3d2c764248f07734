import { packRows } from './packing';
import { at } from './vector';

/** A matrix by its address and the distances between its rows and between its columns: a source of A. */
@unmanaged
export class Matrix {
  address: usize;
  row: i32;
  column: i32;

  /** Packs `rows` rows from `firstRow` on, of `depth` columns from `firstColumn` on, for the product. */
  pack(target: usize, firstRow: i32, firstColumn: i32, rows: i32, depth: i32): void {
    const first = at(this.address, firstRow * this.row + firstColumn * this.column);
    packRows(target, first, this.row, this.column, rows, depth);
  }
}
