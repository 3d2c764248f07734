// Convolutions as matrix products: the patches under the filter, one row each, between image and matrix (im2col), and the
// gradient of max pooling. Images are [height, width, channels].

import { FLOAT, at, vectorBytes, VECTOR } from './vector';

/**
 * Rows of patches for the output pixels of rows `firstRow` to `endRow`: patches[pixel][ky][kx][channel], zero in the padding.
 */
export function imageToPatches(
  image: usize, patches: usize, height: i32, width: i32, channels: i32, filterHeight: i32, filterWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32, firstRow: i32, endRow: i32, outWidth: i32,
): void {
  const bytes = at(0, channels);
  for (let row = firstRow; row < endRow; row++) {
    for (let column = 0; column < outWidth; column++) {
      for (let ky = 0; ky < filterHeight; ky++) {
        const y = row * strideY - top + ky;
        for (let kx = 0; kx < filterWidth; kx++) {
          const x = column * strideX - left + kx;
          if (y >= 0 && y < height && x >= 0 && x < width) memory.copy(patches, at(image, (y * width + x) * channels), bytes);
          else memory.fill(patches, 0, bytes);
          patches += bytes;
        }
      }
    }
  }
}

/** The reverse: adds the rows of patches to the pixels that they lie on. */
export function addPatchesToImage(
  patches: usize, image: usize, height: i32, width: i32, channels: i32, filterHeight: i32, filterWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32, firstRow: i32, endRow: i32, outWidth: i32,
): void {
  const bytes = at(0, channels);
  for (let row = firstRow; row < endRow; row++) {
    for (let column = 0; column < outWidth; column++) {
      for (let ky = 0; ky < filterHeight; ky++) {
        const y = row * strideY - top + ky;
        for (let kx = 0; kx < filterWidth; kx++) {
          const x = column * strideX - left + kx;
          if (y >= 0 && y < height && x >= 0 && x < width) add(at(image, (y * width + x) * channels), patches, channels);
          patches += bytes;
        }
      }
    }
  }
}

/** target += source */
function add(target: usize, source: usize, count: i32): void {
  const vectors = vectorBytes(count), bytes = at(0, count);
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) v128.store(target + i, f32x4.add(v128.load(target + i), v128.load(source + i)));
  for (; i < bytes; i += FLOAT) store<f32>(target + i, load<f32>(target + i) + load<f32>(source + i));
}

/** Adds each gradient of max pooling to the first largest element under its window. */
export function maxPoolGradient(
  image: usize, dy: usize, dx: usize, height: i32, width: i32, channels: i32, filterHeight: i32, filterWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32, outHeight: i32, outWidth: i32,
): void {
  for (let row = 0; row < outHeight; row++) {
    for (let column = 0; column < outWidth; column++) {
      for (let channel = 0; channel < channels; channel++, dy += FLOAT) {
        let largest: f32 = -Infinity, position = -1;
        for (let ky = 0; ky < filterHeight; ky++) {
          const y = row * strideY - top + ky;
          if (y < 0 || y >= height) continue;
          for (let kx = 0; kx < filterWidth; kx++) {
            const x = column * strideX - left + kx;
            if (x < 0 || x >= width) continue;
            const candidate = (y * width + x) * channels + channel;
            const value = load<f32>(at(image, candidate));
            if (position < 0 || value > largest) {
              largest = value;
              position = candidate;
            }
          }
        }
        if (position >= 0) store<f32>(at(dx, position), load<f32>(at(dx, position)) + load<f32>(dy));
      }
    }
  }
}
