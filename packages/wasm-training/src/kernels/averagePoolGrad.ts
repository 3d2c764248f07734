import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { checkCounts } from './checkCounts.js';
import { poolingInfo, putSizes, SIZES_BYTES } from './convolutionSizes.js';

/** dx: the pixels under a window share its gradient; padding has no share. */
export const averagePoolGrad: Kernel = (heap, { dy, input: x }, attributes) => {
  const info = poolingInfo(x!.shape, attributes);
  checkCounts('AvgPoolGrad', { dy: [dy!, util.sizeFromShape(info.outShape)] });
  const out = heap.allocate(x!.shape);
  const sizes = heap.scratch(SIZES_BYTES);
  putSizes(heap, sizes, info);
  heap.module.averagePoolGradient(sizes, heap.address(dy!), heap.address(out));
  return out;
};
