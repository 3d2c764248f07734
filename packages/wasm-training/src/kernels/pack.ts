import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { copyStrided } from './copyStrided.js';
import { stridesOf } from './loops.js';

/** The inputs side by side along a new axis. Leaves strings to the stock kernel. */
export const pack: Kernel = (heap, inputs, attributes) => {
  const tensors = Object.values(inputs);
  const { shape, dtype } = tensors[0]!;
  if (dtype === 'string') return undefined;
  for (const tensor of tensors) {
    util.assertShapesMatch(shape, tensor.shape, 'All tensors passed to stack must have matching shapes');
    util.assert(tensor.dtype === dtype, () => 'All tensors passed to stack must have matching dtypes');
  }
  const axis = attributes.axis as number;
  const out = heap.allocate([...shape.slice(0, axis), tensors.length, ...shape.slice(axis)], dtype);
  const outStrides = stridesOf(out.shape);
  const strides = outStrides.filter((_, i) => i !== axis);
  tensors.forEach((tensor, i) => {
    const target = { tensor: out, offset: i * outStrides[axis]!, strides };
    copyStrided(heap, shape, { tensor, strides: stridesOf(shape) }, target);
  });
  return out;
};
