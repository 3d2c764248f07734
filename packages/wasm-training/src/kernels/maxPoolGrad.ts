import type { Kernel } from '../Kernel.js';
import { poolingInfo, putSizes, SIZES_BYTES } from './convolutionSizes.js';

/** dx: each gradient goes to the largest element under its window, the first one of several. */
export const maxPoolGrad: Kernel = (heap, { dy, input: x }, attributes) => {
  const out = heap.allocate(x!.shape);
  const sizes = heap.scratch(SIZES_BYTES);
  putSizes(heap, sizes, poolingInfo(x!.shape, attributes));
  heap.module.maxPoolGradient(sizes, heap.address(x!), heap.address(dy!), heap.address(out));
  return out;
};
