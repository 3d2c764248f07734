import type { Kernel } from '../Kernel.js';
import { putSizes, SIZES_BYTES } from './convolutionSizes.js';
import { depthwiseInfo, repeatChannels, withRepeatedChannels } from './depthwiseSizes.js';

/** y = conv(x, filter), channel by channel; a channel with several filters gives as many. */
export const depthwiseConv2d: Kernel = (heap, { x, filter }, attributes) => {
  const info = depthwiseInfo(x!.shape, filter!.shape, attributes);
  const out = heap.allocate(info.outShape);
  const images = repeatChannels(heap, x!, filter!.shape[3]!);
  const sizes = heap.scratch(SIZES_BYTES);
  putSizes(heap, sizes, withRepeatedChannels(info));
  heap.module.depthwise(sizes, heap.address(images), heap.address(filter!), heap.address(out));
  if (images !== x) heap.backend.disposeData(images.dataId);
  return out;
};
