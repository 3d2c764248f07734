import { gather_util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';

type GatherTensor = Parameters<typeof gather_util.prepareAndValidate>[0];

/**
 * y = params[indices]: checks that the indices are those of slices, and leaves the rest to the stock kernel.
 * @throws Error if one is not
 */
export const gatherNd: Kernel = (heap, { params, indices }) => {
  const [, count] = gather_util.prepareAndValidate(params as GatherTensor, indices as GatherTensor);
  const depth = indices!.shape.at(-1)!;
  const values = heap.integers(indices!);
  for (let start = 0; start < count * depth; start += depth) {
    for (let axis = 0; axis < depth; axis++) {
      const position = values[start + axis]!;
      if (position >= 0 && position < params!.shape[axis]!) continue;
      const index = values.subarray(start, start + depth);
      throw new Error(`GatherNd: the index [${index}] is not in params of shape [${params!.shape}].`);
    }
  }
  return undefined;
};
