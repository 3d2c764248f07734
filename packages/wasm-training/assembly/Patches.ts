import { Sizes } from './Sizes';
import { TILE_ROWS, packPieces } from './packing';
import { at, min } from './vector';

/**
 * The patches of images under a filter as a source of A, made while they are packed: a row for each output pixel, a column for
 * each element (ky, kx, channel) of a patch, zero where the patch sticks out.
 */
@unmanaged
export class Patches {
  sizes: Sizes;
  images: usize;
  /** As many zeros as there are channels. */
  zeros: usize;

  pack(target: usize, firstRow: i32, firstColumn: i32, rows: i32, depth: i32): void {
    for (let i = 0; i < rows; i += TILE_ROWS) {
      this.packPixels(target, firstRow + i, min(TILE_ROWS, rows - i), firstColumn, depth);
      target = at(target, TILE_ROWS * depth);
    }
  }

  /** A panel of four pixels; where there are fewer, the last one again. */
  private packPixels(target: usize, pixel: i32, count: i32, column: i32, depth: i32): void {
    const sizes = this.sizes;
    const pixel1 = pixel + min(1, count - 1), pixel2 = pixel + min(2, count - 1), pixel3 = pixel + min(3, count - 1);
    const y0 = this.top(pixel), y1 = this.top(pixel1), y2 = this.top(pixel2), y3 = this.top(pixel3);
    const x0 = this.left(pixel), x1 = this.left(pixel1), x2 = this.left(pixel2), x3 = this.left(pixel3);
    const image0 = this.image(pixel), image1 = this.image(pixel1), image2 = this.image(pixel2), image3 = this.image(pixel3);
    const isWide = sizes.dilationX == 1
      && this.isWithin(x0) && this.isWithin(x1) && this.isWithin(x2) && this.isWithin(x3);
    const end = column + depth;
    while (column < end) {
      const ky = column / sizes.filterRow;
      const inRow = column - ky * sizes.filterRow;
      const y = ky * sizes.dilationY;
      const areRows = sizes.hasRow(y0 + y) && sizes.hasRow(y1 + y) && sizes.hasRow(y2 + y) && sizes.hasRow(y3 + y);
      const kx = inRow / sizes.channels;
      const channel = inRow - kx * sizes.channels;
      const x = kx * sizes.dilationX;
      let length: i32;
      if (isWide && areRows) {
        length = min(sizes.filterRow - inRow, end - column);
        packPieces(target,
          at(this.images, sizes.pixel(image0, y0 + y, x0) + inRow), at(this.images, sizes.pixel(image1, y1 + y, x1) + inRow),
          at(this.images, sizes.pixel(image2, y2 + y, x2) + inRow), at(this.images, sizes.pixel(image3, y3 + y, x3) + inRow),
          length, TILE_ROWS);
      } else {
        length = min(sizes.channels - channel, end - column);
        packPieces(target,
          this.at(image0, y0 + y, x0 + x, channel), this.at(image1, y1 + y, x1 + x, channel),
          this.at(image2, y2 + y, x2 + x, channel), this.at(image3, y3 + y, x3 + x, channel),
          length, TILE_ROWS);
      }
      target = at(target, TILE_ROWS * length);
      column += length;
    }
  }

  /** First row of the patch of an output pixel, in the image that the pixel belongs to. */
  @inline private top(pixel: i32): i32 {
    return pixel / this.sizes.outWidth % this.sizes.outHeight * this.sizes.strideY - this.sizes.top;
  }

  @inline private left(pixel: i32): i32 { return pixel % this.sizes.outWidth * this.sizes.strideX - this.sizes.left; }

  @inline private image(pixel: i32): i32 { return pixel / (this.sizes.outWidth * this.sizes.outHeight); }

  @inline private isWithin(left: i32): bool { return left >= 0 && left + this.sizes.filterWidth <= this.sizes.width; }

  /** Address of a channel of a pixel, or of zeros beside the image. */
  @inline private at(image: i32, y: i32, x: i32, channel: i32): usize {
    const sizes = this.sizes;
    return sizes.hasRow(y) && sizes.hasColumn(x) ? at(this.images, sizes.pixel(image, y, x) + channel) : this.zeros;
  }
}
