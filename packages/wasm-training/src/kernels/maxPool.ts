import type { Kernel } from '../Kernel.js';
import { poolingInfo, putSizes, SIZES_BYTES } from './convolutionSizes.js';

/** y: the largest number under each window. */
export const maxPool: Kernel = (heap, { x }, attributes) => {
  const info = poolingInfo(x!.shape, attributes);
  const out = heap.allocate(info.outShape);
  const sizes = heap.scratch(SIZES_BYTES);
  putSizes(heap, sizes, info);
  heap.module.maxPool(sizes, heap.address(x!), heap.address(out));
  return out;
};
