import { Sizes } from './Sizes';
import { TILE_ROWS } from './packing';
import { VECTOR, at, min } from './vector';

/** The transpose of `Patches`: a row for each element (ky, kx, channel) of a patch, a column for each output pixel. */
@unmanaged
export class PatchElements {
  sizes: Sizes;
  images: usize;

  pack(target: usize, firstRow: i32, firstColumn: i32, rows: i32, depth: i32): void {
    for (let i = 0; i < rows; i += TILE_ROWS) {
      this.packElements(target, firstRow + i, min(TILE_ROWS, rows - i), firstColumn, depth);
      target = at(target, TILE_ROWS * depth);
    }
  }

  /** A panel of up to four elements, for a run of pixels along each row of output pixels. */
  private packElements(target: usize, element: i32, count: i32, pixel: i32, depth: i32): void {
    const sizes = this.sizes;
    const ky = element / sizes.filterRow;
    const inRow = element - ky * sizes.filterRow;
    const last = inRow + TILE_ROWS - 1;
    const areAdjacent = count == TILE_ROWS && last < sizes.filterRow
      && (sizes.dilationX == 1 || last / sizes.channels == inRow / sizes.channels);
    const end = pixel + depth;
    while (pixel < end) {
      const row = pixel / sizes.outWidth;
      const column = pixel - row * sizes.outWidth;
      const image = row / sizes.outHeight;
      const y = (row - image * sizes.outHeight) * sizes.strideY - sizes.top;
      const length = min(sizes.outWidth - column, end - pixel);
      const left = column * sizes.strideX - sizes.left;
      if (areAdjacent) this.packAdjacent(target, image, y + ky * sizes.dilationY, left, inRow, length);
      else this.packApart(target, image, y, left, element, count, length);
      target = at(target, TILE_ROWS * length);
      pixel += length;
    }
  }

  /** Four elements of one row of the filter that lie side by side in the image. */
  private packAdjacent(target: usize, image: i32, y: i32, left: i32, inRow: i32, length: i32): void {
    const sizes = this.sizes;
    const bytes = at(0, TILE_ROWS * length);
    if (!sizes.hasRow(y)) {
      memory.fill(target, 0, bytes);
      return;
    }
    const kx = inRow / sizes.channels;
    const first = kx * sizes.dilationX, last = (inRow + TILE_ROWS - 1) / sizes.channels * sizes.dilationX;
    const offset = inRow - kx * sizes.channels;
    for (const end = target + bytes; target != end; target += VECTOR, left += sizes.strideX) {
      const isFirst = sizes.hasColumn(left + first), isLast = sizes.hasColumn(left + last);
      if (isFirst && isLast) v128.store(target, v128.load(at(this.images, sizes.pixel(image, y, left + first) + offset)));
      else if (!isFirst && !isLast && last - first < sizes.width) v128.store(target, f32x4.splat(0));
      else this.packPixel(target, image, y, left, inRow, TILE_ROWS);
    }
  }

  /** Elements of which some lie in another row of the filter, or which are fewer than four. */
  private packApart(target: usize, image: i32, y: i32, left: i32, element: i32, count: i32, length: i32): void {
    const sizes = this.sizes;
    for (let i = 0; i < length; i++, target += VECTOR, left += sizes.strideX) {
      for (let l = 0; l < count; l++) {
        const ky = (element + l) / sizes.filterRow;
        const inRow = element + l - ky * sizes.filterRow;
        this.packPixel(at(target, l), image, y + ky * sizes.dilationY, left, inRow, 1);
      }
    }
  }

  /** Elements of one row of the filter for one pixel, one by one. */
  private packPixel(target: usize, image: i32, y: i32, left: i32, inRow: i32, count: i32): void {
    const sizes = this.sizes;
    for (let l = 0; l < count; l++) {
      const kx = (inRow + l) / sizes.channels;
      const x = left + kx * sizes.dilationX;
      const isInside = sizes.hasRow(y) && sizes.hasColumn(x);
      const position = sizes.pixel(image, y, x) + inRow + l - kx * sizes.channels;
      store<f32>(at(target, l), isInside ? load<f32>(at(this.images, position)) : 0);
    }
  }
}
