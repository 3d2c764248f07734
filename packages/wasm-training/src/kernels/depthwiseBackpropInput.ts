import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { putSizes, SIZES_BYTES } from './convolutionSizes.js';
import { depthwiseInfo, withRepeatedChannels } from './depthwiseSizes.js';
import { sumAxis } from './sumAxis.js';

/** dx: the patch of x under each output pixel receives dy times the filter; a channel with several filters adds theirs up. */
export const depthwiseBackpropInput: Kernel = (heap, { dy, filter }, attributes) => {
  const inputShape = attributes.inputShape as number[];
  const info = depthwiseInfo(inputShape, filter!.shape, attributes);
  const filtersPerChannel = filter!.shape[3]!;
  const out = heap.allocate(inputShape);
  const repeated = filtersPerChannel === 1 ? out : heap.allocate([...inputShape, filtersPerChannel]);
  const sizes = heap.scratch(SIZES_BYTES);
  putSizes(heap, sizes, withRepeatedChannels(info));
  heap.module.depthwiseInputGradient(sizes, heap.address(dy!), heap.address(filter!), heap.address(repeated));
  if (repeated !== out) {
    const count = util.sizeFromShape(inputShape);
    sumAxis(heap, heap.address(repeated), heap.address(out), count, filtersPerChannel, 1, 1);
    heap.backend.disposeData(repeated.dataId);
  }
  return out;
};
