import type { Kernel } from '../Kernel.js';
import { putSizes, SIZES_BYTES } from './convolutionSizes.js';
import { depthwiseInfo, repeatChannels, withRepeatedChannels } from './depthwiseSizes.js';

/** dFilter = Σ patch · dy over all output pixels, channel by channel. */
export const depthwiseBackpropFilter: Kernel = (heap, { x, dy }, attributes) => {
  const filterShape = attributes.filterShape as number[];
  const info = depthwiseInfo(x!.shape, filterShape, attributes);
  const out = heap.allocate(filterShape);
  const images = repeatChannels(heap, x!, filterShape[3]!);
  const sizes = heap.scratch(SIZES_BYTES);
  putSizes(heap, sizes, withRepeatedChannels(info));
  heap.module.depthwiseFilterGradient(sizes, heap.address(images), heap.address(dy!), heap.address(out));
  if (images !== x) heap.backend.disposeData(images.dataId);
  return out;
};
