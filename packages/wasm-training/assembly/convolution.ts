// Convolutions as products with the patches under the filter, which are made while they are packed; no patch is ever stored but
// for the input gradient of strided ones. Images are [batch, height, width, channels], filters [height, width, channels,
// outChannels]; `sizesAt` is where their `Sizes` are.

import { PatchElements } from './PatchElements';
import { Patches } from './Patches';
import { Sizes } from './Sizes';
import { add } from './gather';
import { gemm, gemmScratchBytes, multiply } from './gemm';
import { FLOAT, at } from './vector';

/** y = activation(conv(x, filter) + bias). `scratch` is that of a product and a float for each channel of x after it. */
export function convolve(
  sizesAt: usize, x: usize, filter: usize, y: usize, bias: usize, activation: i32, scratch: usize,
): void {
  const sizes = changetype<Sizes>(sizesAt);
  const patches = changetype<Patches>(scratch);
  patches.sizes = sizes;
  patches.images = x;
  patches.zeros = scratch + gemmScratchBytes();
  memory.fill(patches.zeros, 0, at(0, sizes.channels));
  const n = sizes.outChannels;
  multiply(patches, filter, n, 1, y, n, sizes.pixels, n, sizes.patch, bias, activation, false, scratch);
}

/** dFilter = Σ over all output pixels of patch ⊗ dy. `scratch` is that of a product. */
export function filterGradient(sizesAt: usize, x: usize, dy: usize, dFilter: usize, scratch: usize): void {
  const sizes = changetype<Sizes>(sizesAt);
  const elements = changetype<PatchElements>(scratch);
  elements.sizes = sizes;
  elements.images = x;
  const n = sizes.outChannels;
  multiply(elements, dy, n, 1, dFilter, n, sizes.patch, n, sizes.pixels, 0, 0, false, scratch);
}

/**
 * The filter of the convolution that carries gradients back where nothing is strided: turned by half a turn, its channels
 * exchanged. turned[−ky][−kx][out][in] = filter[ky][kx][in][out]
 */
export function turnFilter(filter: usize, turned: usize, places: i32, channels: i32, outChannels: i32): void {
  for (let place = places - 1; place >= 0; place--) {
    for (let channel = 0; channel < channels; channel++) {
      for (let out = 0; out < outChannels; out++, filter += FLOAT) {
        store<f32>(at(turned, (place * outChannels + out) * channels + channel), load<f32>(filter));
      }
    }
  }
}

/**
 * dx where strides leave pixels out: patches of gradients, dy · filterᵀ, of `chunk` rows of output pixels at a time, are added
 * where they lie. `patches` is room for that many, and `scratch` that of a product.
 */
export function stridedInputGradient(
  sizesAt: usize, dy: usize, filter: usize, dx: usize, chunk: i32, patches: usize, scratch: usize,
): void {
  const sizes = changetype<Sizes>(sizesAt);
  const n = sizes.outChannels;
  memory.fill(dx, 0, at(0, sizes.batch * sizes.height * sizes.width * sizes.channels));
  for (let image = 0; image < sizes.batch; image++) {
    for (let row = 0; row < sizes.outHeight; row += chunk) {
      const end = min<i32>(row + chunk, sizes.outHeight);
      const pixels = (end - row) * sizes.outWidth;
      gemm(dy, n, 1, filter, 1, n, patches, sizes.patch, pixels, sizes.patch, n, 0, 0, false, scratch);
      addPatches(sizes, patches, dx, image, row, end);
      dy = at(dy, pixels * n);
    }
  }
}

/** Adds the patches of some rows of output pixels to the pixels that they lie on. */
function addPatches(sizes: Sizes, patches: usize, dx: usize, image: i32, firstRow: i32, endRow: i32): void {
  for (let row = firstRow; row < endRow; row++) {
    for (let column = 0; column < sizes.outWidth; column++) {
      for (let ky = 0; ky < sizes.filterHeight; ky++) {
        const y = row * sizes.strideY - sizes.top + ky;
        for (let kx = 0; kx < sizes.filterWidth; kx++) {
          const x = column * sizes.strideX - sizes.left + kx;
          if (sizes.hasRow(y) && sizes.hasColumn(x)) add(at(dx, sizes.pixel(image, y, x)), patches, sizes.channels);
          patches = at(patches, sizes.channels);
        }
      }
    }
  }
}
