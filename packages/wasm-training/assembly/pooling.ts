// Pooling and its gradients. Images are [batch, height, width, channels]; `sizesAt` is where their `Sizes` are, with those of the
// window for those of the filter.

import { Sizes } from './Sizes';
import { FLOAT, VECTOR, at, multiplyAdd, put, take, vectorBytes } from './vector';

/** y: the largest number under each window, NaN where there is one. */
export function maxPool(sizesAt: usize, images: usize, y: usize): void {
  const sizes = changetype<Sizes>(sizesAt);
  const count = sizes.pixels * sizes.channels;
  for (let i = 0; i < count; i++) store<f32>(at(y, i), -Infinity);
  visitWindows<Raise>(sizes, images, y);
}

/** dx of average pooling: the pixels under a window share its dy evenly. */
export function averagePoolGradient(sizesAt: usize, dy: usize, dx: usize): void {
  const sizes = changetype<Sizes>(sizesAt);
  memory.fill(dx, 0, at(0, sizes.batch * sizes.height * sizes.width * sizes.channels));
  visitWindows<Share>(sizes, dx, dy);
}

/** Visits each pixel under each window, four channels at a time, with the output of the window. */
@inline function visitWindows<Visitor>(sizes: Sizes, images: usize, out: usize): void {
  const visitor = changetype<Visitor>(<usize>0);
  const vectors = vectorBytes(sizes.channels), bytes = at(0, sizes.channels);
  for (let image = 0; image < sizes.batch; image++) {
    for (let row = 0; row < sizes.outHeight; row++) {
      const top = row * sizes.strideY - sizes.top;
      const firstY = max<i32>(0, top), endY = min<i32>(sizes.height, top + sizes.filterHeight);
      for (let column = 0; column < sizes.outWidth; column++, out += bytes) {
        const left = column * sizes.strideX - sizes.left;
        const firstX = max<i32>(0, left), endX = min<i32>(sizes.width, left + sizes.filterWidth);
        const share = f32x4.splat(1 / <f32>((endY - firstY) * (endX - firstX)));
        for (let y = firstY; y < endY; y++) {
          for (let x = firstX; x < endX; x++) {
            const pixel = at(images, sizes.pixel(image, y, x));
            let i: usize = 0;
            for (; i < vectors; i += VECTOR) visitor.visit(pixel + i, out + i, share, true);
            for (; i < bytes; i += FLOAT) visitor.visit(pixel + i, out + i, share, false);
          }
        }
      }
    }
  }
}

/** y = max(y, x) */
class Raise {
  @inline visit(x: usize, y: usize, _share: v128, isVector: bool): void {
    put(y, f32x4.max(take(y, isVector), take(x, isVector)), isVector);
  }
}

/** dx += dy · share */
class Share {
  @inline visit(dx: usize, dy: usize, share: v128, isVector: bool): void {
    put(dx, multiplyAdd(take(dy, isVector), share, take(dx, isVector)), isVector);
  }
}

/** dx of max pooling: each dy goes to the first largest element under its window. */
export function maxPoolGradient(sizesAt: usize, images: usize, dy: usize, dx: usize): void {
  const sizes = changetype<Sizes>(sizesAt);
  memory.fill(dx, 0, at(0, sizes.batch * sizes.height * sizes.width * sizes.channels));
  for (let image = 0; image < sizes.batch; image++) {
    for (let row = 0; row < sizes.outHeight; row++) {
      for (let column = 0; column < sizes.outWidth; column++) {
        for (let channel = 0; channel < sizes.channels; channel++, dy += FLOAT) {
          const place = largestPlace(sizes, images, image, row, column, channel);
          if (place >= 0) store<f32>(at(dx, place), load<f32>(at(dx, place)) + load<f32>(dy));
        }
      }
    }
  }
}

/** Where the first largest element under a window lies; −1 if it lies beside the image. */
function largestPlace(sizes: Sizes, images: usize, image: i32, row: i32, column: i32, channel: i32): i32 {
  const top = row * sizes.strideY - sizes.top, left = column * sizes.strideX - sizes.left;
  let largest: f32 = 0, largestAt = -1;
  for (let y = max<i32>(0, top), bottom = min<i32>(sizes.height, top + sizes.filterHeight); y < bottom; y++) {
    for (let x = max<i32>(0, left), right = min<i32>(sizes.width, left + sizes.filterWidth); x < right; x++) {
      const place = sizes.pixel(image, y, x) + channel;
      const value = load<f32>(at(images, place));
      if (largestAt >= 0 && !(value > largest)) continue;
      largest = value;
      largestAt = place;
    }
  }
  return largestAt;
}
