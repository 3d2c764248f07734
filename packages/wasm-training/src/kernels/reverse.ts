import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { copyStrided } from './copyStrided.js';
import { stridesOf } from './loops.js';

/** x from back to front along some axes. */
export const reverse: Kernel = (heap, inputs, attributes) => {
  const x = inputs.x!;
  const axes = util.parseAxisParam(attributes.dims as number[], x.shape);
  const out = heap.allocate(x.shape, x.dtype);
  const strides = stridesOf(x.shape);
  const offset = axes.reduce((sum, axis) => sum + strides[axis]! * (x.shape[axis]! - 1), 0);
  const backwards = strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride));
  copyStrided(heap, x.shape, { tensor: x, offset, strides: backwards }, { tensor: out, strides });
  return out;
};
