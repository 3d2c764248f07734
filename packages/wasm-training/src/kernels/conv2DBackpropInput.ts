import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { WasmHeap } from '../WasmHeap.js';
import { checkCounts } from './checkCounts.js';
import {
  type ConvolutionInfo,
  convolutionInfo,
  isPointwise,
  patchSize,
  putSizes,
  SIZES_BYTES,
} from './convolutionSizes.js';

/** Bytes of patches that are in work at a time; they stay in the cache. */
const CHUNK_BYTES = 2 ** 18;

/** dx: the patch of x under each output pixel receives dy · filterᵀ. */
export const conv2DBackpropInput: Kernel = (heap, { dy, filter }, attributes) => {
  const inputShape = attributes.inputShape as number[];
  const info = convolutionInfo(inputShape, filter!.shape, attributes);
  if (!info) return undefined;
  checkCounts('Conv2DBackpropInput', {
    dy: [dy!, util.sizeFromShape(info.outShape)],
    filter: [filter!, util.sizeFromShape(filter!.shape)],
  });
  const out = heap.allocate(inputShape);
  const gradient = isPointwise(info) ? pointwise : info.strideHeight * info.strideWidth === 1 ? turned : strided;
  gradient(heap, info, heap.address(dy!), heap.address(filter!), heap.address(out));
  return out;
};

type InputGradient = (heap: WasmHeap, info: ConvolutionInfo, dy: number, filter: number, dx: number) => void;

/** dx = dy · filterᵀ */
const pointwise: InputGradient = (heap, info, dy, filter, dx) => {
  const { inChannels: n, outChannels: k } = info;
  const pixels = info.batchSize * info.outHeight * info.outWidth;
  const scratch = heap.scratch(heap.module.gemmScratchBytes());
  heap.module.gemm(dy, k, 1, filter, 1, k, dx, n, pixels, n, k, 0, 0, false, scratch);
};

/** dx = conv(dy, the turned filter), padded by what the filter reaches beyond the image. */
const turned: InputGradient = (heap, info, dy, filter, dx) => {
  const { module } = heap;
  const { filterHeight, filterWidth, effectiveFilterHeight, effectiveFilterWidth, inChannels, outChannels, padInfo } =
    info;
  const productBytes = module.gemmScratchBytes() + 4 * outChannels;
  const scratch = heap.scratch(SIZES_BYTES + productBytes + 4 * patchSize(info) * outChannels);
  const product = scratch + SIZES_BYTES;
  const turnedFilter = product + productBytes;
  putSizes(heap, scratch, {
    ...info,
    inHeight: info.outHeight,
    inWidth: info.outWidth,
    inChannels: outChannels,
    outHeight: info.inHeight,
    outWidth: info.inWidth,
    outChannels: inChannels,
    padInfo: {
      ...padInfo,
      top: effectiveFilterHeight - 1 - padInfo.top,
      left: effectiveFilterWidth - 1 - padInfo.left,
    },
  });
  module.turnFilter(filter, turnedFilter, filterHeight * filterWidth, inChannels, outChannels);
  module.convolve(scratch, dy, turnedFilter, dx, 0, 0, product);
};

const strided: InputGradient = (heap, info, dy, filter, dx) => {
  const { module } = heap;
  const rowBytes = 4 * info.outWidth * patchSize(info);
  const chunk = Math.min(info.outHeight, Math.max(1, Math.floor(CHUNK_BYTES / rowBytes)));
  const scratch = heap.scratch(SIZES_BYTES + module.gemmScratchBytes() + chunk * rowBytes);
  const product = scratch + SIZES_BYTES;
  putSizes(heap, scratch, info);
  module.stridedInputGradient(scratch, dy, filter, dx, chunk, product + module.gemmScratchBytes(), product);
};
