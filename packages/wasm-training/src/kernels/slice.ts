import { slice_util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { copyRegion } from './copyRegion.js';

/** y = x[begin … begin + size], copying only what is taken. */
export const slice: Kernel = (heap, inputs, attributes) => {
  const x = inputs.x!;
  if (x.dtype === 'string') return undefined;
  const [begin, size] = slice_util.parseSliceParams(
    x as Parameters<typeof slice_util.parseSliceParams>[0],
    attributes.begin as number[],
    attributes.size as number[],
  ) as [number[], number[]];
  slice_util.assertParamsValid(x as Parameters<typeof slice_util.assertParamsValid>[0], begin, size);
  return copyRegion(heap, x, begin, size);
};
