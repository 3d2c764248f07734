// Gradients of pooling. Images are [batch, height, width, channels]; `sizesAt` is where their `Sizes` are, with those of the
// window for those of the filter.

import { Sizes } from './Sizes';
import { FLOAT, at } from './vector';

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
