// Depthwise convolutions, in which each channel has a filter of its own, and their gradients. Images are [batch, height, width, channels],
// filters [height, width, channels]; `sizesAt` is where their `Sizes` are.

import { Sizes } from './Sizes';
import { FLOAT, VECTOR, at, multiplyAdd, put, take, vectorBytes } from './vector';

/** Bytes of the channels that are in work at once: a cache line. */
const BLOCK: usize = 4 * VECTOR;

/** y: each output pixel is the sum of the pixels under the filter times their weights. */
export function depthwise(sizesAt: usize, images: usize, filter: usize, y: usize): void {
  const sizes = changetype<Sizes>(sizesAt);
  memory.fill(y, 0, at(0, sizes.pixels * sizes.channels));
  visitRuns<AddUpForPixels>(sizes, images, filter, y);
}

/** dx: the pixels under the filter receive dy times their weight. */
export function depthwiseInputGradient(sizesAt: usize, dy: usize, filter: usize, dx: usize): void {
  const sizes = changetype<Sizes>(sizesAt);
  memory.fill(dx, 0, at(0, sizes.batch * sizes.height * sizes.width * sizes.channels));
  visitRuns<SpreadToPixels>(sizes, dx, filter, dy);
}

/** dFilter: each weight receives dy times the pixels that it was over. */
export function depthwiseFilterGradient(sizesAt: usize, images: usize, dy: usize, dFilter: usize): void {
  const sizes = changetype<Sizes>(sizesAt);
  memory.fill(dFilter, 0, at(0, sizes.patch));
  visitRuns<AddUpForWeights>(sizes, images, dFilter, dy);
}

/** Visits each weight of the filter (all channels at once) with each run of output columns for which it lies on a row of the image. */
@inline function visitRuns<Visitor>(sizes: Sizes, images: usize, filter: usize, out: usize): void {
  const visitor = changetype<Visitor>(<usize>0);
  for (let image = 0; image < sizes.batch; image++) {
    for (let row = 0; row < sizes.outHeight; row++) {
      for (let ky = 0; ky < sizes.filterHeight; ky++) {
        const y = row * sizes.strideY - sizes.top + ky * sizes.dilationY;
        if (!sizes.hasRow(y)) continue;
        for (let kx = 0; kx < sizes.filterWidth; kx++) {
          // The column under this weight for the first output column, which may lie beside the image.
          const left = kx * sizes.dilationX - sizes.left;
          const first = left < 0 ? (sizes.strideX - 1 - left) / sizes.strideX : 0;
          const end = left < sizes.width ? min<i32>(sizes.outWidth, (sizes.width - 1 - left) / sizes.strideX + 1) : 0;
          if (first >= end) continue;
          const pixel = at(images, sizes.pixel(image, y, left + first * sizes.strideX));
          const weight = at(filter, (ky * sizes.filterWidth + kx) * sizes.channels);
          const target = at(out, ((image * sizes.outHeight + row) * sizes.outWidth + first) * sizes.channels);
          visitor.visit(pixel, at(0, sizes.strideX * sizes.channels), weight, target, end - first, sizes.channels);
        }
      }
    }
  }
}

// What is done along a run: the pixels of the image are `step` bytes apart, those of the output lie side by side.

/** y += x · w */
class AddUpForPixels {
  visit(x: usize, step: usize, weight: usize, y: usize, columns: i32, channels: i32): void {
    spread(y, at(0, channels), weight, x, step, columns, channels);
  }
}

/** dx += dy · w */
class SpreadToPixels {
  visit(dx: usize, step: usize, weight: usize, dy: usize, columns: i32, channels: i32): void {
    spread(dx, step, weight, dy, at(0, channels), columns, channels);
  }
}

/** target += source · weight for each pixel, in blocks of channels. */
@inline function spread(
  target: usize, targetStep: usize, weight: usize, source: usize, sourceStep: usize, columns: i32, channels: i32,
): void {
  const blocks = at(0, channels & ~15), vectors = vectorBytes(channels), bytes = at(0, channels);
  let i: usize = 0;
  for (; i < blocks; i += BLOCK) spreadBlock(target + i, targetStep, weight + i, source + i, sourceStep, columns);
  for (; i < vectors; i += VECTOR) spreadLanes(target + i, targetStep, weight + i, source + i, sourceStep, columns, true);
  for (; i < bytes; i += FLOAT) spreadLanes(target + i, targetStep, weight + i, source + i, sourceStep, columns, false);
}

@inline function spreadBlock(
  y: usize, yStep: usize, weight: usize, x: usize, xStep: usize, columns: i32,
): void {
  const w0 = v128.load(weight), w1 = v128.load(weight, VECTOR);
  const w2 = v128.load(weight, 2 * VECTOR), w3 = v128.load(weight, 3 * VECTOR);
  for (let i = 0; i < columns; i++, x += xStep, y += yStep) {
    v128.store(y, multiplyAdd(w0, v128.load(x), v128.load(y)));
    v128.store(y, multiplyAdd(w1, v128.load(x, VECTOR), v128.load(y, VECTOR)), VECTOR);
    v128.store(y, multiplyAdd(w2, v128.load(x, 2 * VECTOR), v128.load(y, 2 * VECTOR)), 2 * VECTOR);
    v128.store(y, multiplyAdd(w3, v128.load(x, 3 * VECTOR), v128.load(y, 3 * VECTOR)), 3 * VECTOR);
  }
}

@inline function spreadLanes(
  y: usize, yStep: usize, weight: usize, x: usize, xStep: usize, columns: i32, isVector: bool,
): void {
  const w = take(weight, isVector);
  for (let i = 0; i < columns; i++, x += xStep, y += yStep) {
    put(y, multiplyAdd(w, take(x, isVector), take(y, isVector)), isVector);
  }
}

/** w += Σ x · dy */
class AddUpForWeights {
  visit(x: usize, step: usize, weight: usize, dy: usize, columns: i32, channels: i32): void {
    const blocks = at(0, channels & ~15), vectors = vectorBytes(channels), bytes = at(0, channels);
    let i: usize = 0;
    for (; i < blocks; i += BLOCK) addUpBlock(x + i, step, weight + i, dy + i, bytes, columns);
    for (; i < vectors; i += VECTOR) addUp(x + i, step, weight + i, dy + i, bytes, columns, true);
    for (; i < bytes; i += FLOAT) addUp(x + i, step, weight + i, dy + i, bytes, columns, false);
  }
}

@inline function addUpBlock(x: usize, xStep: usize, weight: usize, dy: usize, dyStep: usize, columns: i32): void {
  let sum0 = v128.load(weight), sum1 = v128.load(weight, VECTOR);
  let sum2 = v128.load(weight, 2 * VECTOR), sum3 = v128.load(weight, 3 * VECTOR);
  for (let i = 0; i < columns; i++, x += xStep, dy += dyStep) {
    sum0 = multiplyAdd(v128.load(x), v128.load(dy), sum0);
    sum1 = multiplyAdd(v128.load(x, VECTOR), v128.load(dy, VECTOR), sum1);
    sum2 = multiplyAdd(v128.load(x, 2 * VECTOR), v128.load(dy, 2 * VECTOR), sum2);
    sum3 = multiplyAdd(v128.load(x, 3 * VECTOR), v128.load(dy, 3 * VECTOR), sum3);
  }
  v128.store(weight, sum0); v128.store(weight, sum1, VECTOR);
  v128.store(weight, sum2, 2 * VECTOR); v128.store(weight, sum3, 3 * VECTOR);
}

@inline function addUp(
  x: usize, xStep: usize, weight: usize, dy: usize, dyStep: usize, columns: i32, isVector: bool,
): void {
  let sum = take(weight, isVector);
  for (let i = 0; i < columns; i++, x += xStep, dy += dyStep) {
    sum = multiplyAdd(take(x, isVector), take(dy, isVector), sum);
  }
  put(weight, sum, isVector);
}
