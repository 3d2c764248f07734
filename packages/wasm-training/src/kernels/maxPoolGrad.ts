import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { checkCounts } from './checkCounts.js';
import { poolingInfo, putSizes, SIZES_BYTES } from './convolutionSizes.js';

/** dx: each gradient goes to the largest element under its window, the first one of several. */
export const maxPoolGrad: Kernel = (heap, { dy, input: x }, attributes) => {
  const info = poolingInfo(x!.shape, attributes);
  checkCounts('MaxPoolGrad', { dy: [dy!, util.sizeFromShape(info.outShape)], x: [x!, util.sizeFromShape(x!.shape)] });
  const out = heap.allocate(x!.shape);
  const sizes = heap.scratch(SIZES_BYTES);
  putSizes(heap, sizes, info);
  heap.module.maxPoolGradient(sizes, heap.address(x!), heap.address(dy!), heap.address(out));
  return out;
};
