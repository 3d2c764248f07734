import { backend_util, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { copyRegion } from './copyRegion.js';

/** Cuts x along one axis into pieces of the given sizes. */
export const splitV: Kernel = (heap, inputs, attributes) => {
  const x = inputs.x!;
  if (x.dtype === 'string') return undefined;
  const axis = util.parseAxisParam(attributes.axis as number, x.shape)[0]!;
  const sizes = backend_util.prepareSplitSize(
    x as Parameters<typeof backend_util.prepareSplitSize>[0],
    attributes.numOrSizeSplits as number[] | number,
    axis,
  );
  const begin = x.shape.map(() => 0);
  return sizes.map((size) => {
    const piece = copyRegion(
      heap,
      x,
      begin,
      x.shape.map((whole, i) => (i === axis ? size : whole)),
    );
    begin[axis]! += size;
    return piece;
  });
};
