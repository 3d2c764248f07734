import * as tf from '@tensorflow/tfjs';

/** A convolution of images [batch, height, width, channels] with a filter [height, width, channels, outChannels]. */
export interface Convolution {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  strides: [number, number];
  pad: 'same' | 'valid' | number;
  dilations?: [number, number];
}

/** Sums in float64, and the sums of the absolute values of their terms, to which rounding errors are proportional. */
export interface Sums {
  values: Float64Array;
  sizes: Float64Array;
}

export function sums(length: number): Sums & { add(index: number, term: number): void } {
  const values = new Float64Array(length);
  const sizes = new Float64Array(length);
  return {
    values,
    sizes,
    add(index, term) {
      values[index]! += term;
      sizes[index]! += Math.abs(term);
    },
  };
}

/** The shapes and paddings of the convolution. */
export function infoOf({ x, filter, strides, pad, dilations = [1, 1] }: Convolution) {
  return tf.backend_util.computeConv2DInfo(x, filter, strides, dilations, pad);
}

/** y = conv(x, w), and for gradients dy the gradients dw and dx, by the definition. */
export function referenceConvolution(convolution: Convolution, xs: Float32Array, ws: Float32Array, dys: Float32Array) {
  const { x, filter, strides, dilations = [1, 1] } = convolution;
  const { outHeight, outWidth, padInfo } = infoOf(convolution);
  const [batch, height, width, channels] = x;
  const [filterHeight, filterWidth, , outChannels] = filter;
  const [y, dw, dx] = [sums(batch * outHeight * outWidth * outChannels), sums(ws.length), sums(xs.length)];
  let d = 0;
  for (let b = 0; b < batch; b++)
    for (let row = 0; row < outHeight; row++)
      for (let column = 0; column < outWidth; column++)
        for (let o = 0; o < outChannels; o++, d++)
          for (let ky = 0; ky < filterHeight; ky++)
            for (let kx = 0; kx < filterWidth; kx++) {
              const iy = row * strides[0] - padInfo.top + ky * dilations[0];
              const ix = column * strides[1] - padInfo.left + kx * dilations[1];
              if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
              for (let c = 0; c < channels; c++) {
                const xi = ((b * height + iy) * width + ix) * channels + c;
                const wi = ((ky * filterWidth + kx) * channels + c) * outChannels + o;
                y.add(d, xs[xi]! * ws[wi]!);
                dw.add(wi, xs[xi]! * dys[d]!);
                dx.add(xi, ws[wi]! * dys[d]!);
              }
            }
  return { y, dw, dx };
}

/** Largest distance of float32 sums from the reference, relative to the sizes of their terms. */
export function errorOfSums(actual: ArrayLike<number>, { values, sizes }: Sums): number {
  if (actual.length !== values.length) return Number.POSITIVE_INFINITY;
  return values.reduce((largest, value, i) => Math.max(largest, Math.abs(actual[i]! - value) / (sizes[i]! || 1)), 0);
}
