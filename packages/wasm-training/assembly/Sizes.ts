/** Sizes of a convolution or a pooling over images [batch, height, width, channels]; `putSizes` writes them in this order. */
@unmanaged
export class Sizes {
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  filterHeight: i32;
  filterWidth: i32;
  outHeight: i32;
  outWidth: i32;
  outChannels: i32;
  strideY: i32;
  strideX: i32;
  dilationY: i32;
  dilationX: i32;
  /** Rows and columns of padding before the image. */
  top: i32;
  left: i32;

  /** Elements of a row of the filter, which lie side by side in the image where nothing is dilated. */
  @inline get filterRow(): i32 { return this.filterWidth * this.channels; }

  /** Elements of a patch: those of the filter for one output channel. */
  @inline get patch(): i32 { return this.filterHeight * this.filterRow; }

  /** Output pixels of all images. */
  @inline get pixels(): i32 { return this.batch * this.outHeight * this.outWidth; }

  @inline hasRow(y: i32): bool { return <u32>y < <u32>this.height; }

  @inline hasColumn(x: i32): bool { return <u32>x < <u32>this.width; }

  /** Distance, in floats, of a pixel from the first one. */
  @inline pixel(image: i32, y: i32, x: i32): i32 { return ((image * this.height + y) * this.width + x) * this.channels; }
}
