import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { copyRegion } from './copyRegion.js';

/** The slices of x along one axis, without that axis. */
export const unpack: Kernel = (heap, inputs, attributes) => {
  const x = inputs.value!;
  if (x.dtype === 'string') return undefined;
  const axis = util.parseAxisParam(attributes.axis as number, x.shape)[0]!;
  const size = x.shape.map((whole, i) => (i === axis ? 1 : whole));
  const shape = x.shape.filter((_, i) => i !== axis);
  return Array.from({ length: x.shape[axis]! }, (_, position) => {
    const begin = x.shape.map((_, i) => (i === axis ? position : 0));
    return copyRegion(heap, x, begin, size, shape);
  });
};
