/** How N items lie in memory as blocks of the same width, row by row; what is left of the last block is padding. */
export interface BlockLayout {
  /** Number of items N. */
  readonly size: number;
  readonly blocks: number;
  /** Items in a block. */
  readonly width: number;
  /** Places of the last block that hold no item. */
  readonly padding: number;
}

/** Widths down to this share of √N are taken if they leave no padding. */
const NARROWEST = 1 / 4;

/**
 * About √N blocks of about √N items, so that a search in both takes the least time.
 *
 * Without padding where N has a divisor near √N, since a draw then needs a few kernels less.
 *
 * @param size number of items N, an integer ≥ 1
 */
export function blockLayout(size: number): BlockLayout {
  const root = Math.sqrt(size);
  let width = Math.floor(root);
  while (width > NARROWEST * root && size % width !== 0) width--;
  if (size % width !== 0) width = Math.ceil(root);
  const blocks = Math.ceil(size / width);
  return { size, blocks, width, padding: blocks * width - size };
}
