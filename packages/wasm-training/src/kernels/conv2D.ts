import type { TensorInfo } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { WasmHeap } from '../WasmHeap.js';
import { type ConvolutionInfo, convolutionInfo, isPointwise, putSizes, SIZES_BYTES } from './convolutionSizes.js';
import { ACTIVATIONS } from './matrixProduct.js';

/** y = conv(x, filter) */
export const conv2D: Kernel = (heap, { x, filter }, attributes) => {
  const info = convolutionInfo(x!.shape, filter!.shape, attributes);
  return info && convolution(heap, info, x!, filter!);
};

/** y = activation(conv(x, filter) + bias) */
export function convolution(
  heap: WasmHeap,
  info: ConvolutionInfo,
  x: TensorInfo,
  filter: TensorInfo,
  bias?: TensorInfo,
  activation: keyof typeof ACTIVATIONS = 'linear',
): TensorInfo {
  const { module } = heap;
  const out = heap.allocate(info.outShape);
  const scratch = heap.scratch(SIZES_BYTES + module.gemmScratchBytes() + 4 * info.inChannels);
  const product = scratch + SIZES_BYTES;
  const [xAt, filterAt, outAt] = [heap.address(x), heap.address(filter), heap.address(out)];
  const biasAt = bias ? heap.address(bias) : 0;
  if (isPointwise(info)) {
    const pixels = info.batchSize * info.outHeight * info.outWidth;
    const { inChannels: k, outChannels: n } = info;
    module.gemm(xAt, k, 1, filterAt, n, 1, outAt, n, pixels, n, k, biasAt, ACTIVATIONS[activation], false, product);
  } else {
    putSizes(heap, scratch, info);
    module.convolve(scratch, xAt, filterAt, outAt, biasAt, ACTIVATIONS[activation], product);
  }
  return out;
}
