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
    if (!sizes.hasRow(y)) {
      memory.fill(target, 0, at(0, TILE_ROWS * length));
      return;
    }
    const kx = inRow / sizes.channels;
    const first = left + kx * sizes.dilationX;
    const last = left + (inRow + TILE_ROWS - 1) / sizes.channels * sizes.dilationX;
    // Pixels for which all four lie in the image: from the first that is not too far left to the last not too far right.
    const begin = min(length, stepsTo(-first, sizes.strideX));
    const end = max<i32>(begin, min(length, stepsTo(sizes.width - last, sizes.strideX)));
    target = this.packPixels(target, image, y, left, inRow, begin);
    const step = at(0, sizes.strideX * sizes.channels);
    let source = at(this.images, sizes.pixel(image, y, first + begin * sizes.strideX) + inRow - kx * sizes.channels);
    for (let i = begin; i < end; i++, target += VECTOR, source += step) v128.store(target, v128.load(source));
    this.packPixels(target, image, y, left + end * sizes.strideX, inRow, length - end);
  }

  /** Four elements of one row of the filter for some pixels, one by one. Returns where the next ones go. */
  private packPixels(target: usize, image: i32, y: i32, left: i32, inRow: i32, length: i32): usize {
    for (let i = 0; i < length; i++, target += VECTOR, left += this.sizes.strideX) {
      this.packPixel(target, image, y, left, inRow, TILE_ROWS);
    }
    return target;
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

/** How many steps it takes to go at least so far. */
@inline function stepsTo(distance: i32, step: i32): i32 { return distance > 0 ? (distance + step - 1) / step : 0; }
