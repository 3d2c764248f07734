import { backend_util, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { copyStrided } from './copyStrided.js';
import { stridesOf } from './loops.js';

/** The inputs one after the other along an axis. Leaves strings and inputs of several types to the stock kernel. */
export const concat: Kernel = (heap, inputs, attributes) => {
  const tensors = Object.values(inputs);
  const { dtype, shape: firstShape } = tensors[0]!;
  if (dtype === 'string' || tensors.some((tensor) => tensor.dtype !== dtype)) return undefined;
  const shapes = tensors.map(({ shape }) => shape);
  const axis = util.parseAxisParam(attributes.axis as number, firstShape)[0]!;
  backend_util.assertParamsConsistent(shapes, axis);
  const out = heap.allocate(backend_util.computeOutShape(shapes, axis), dtype);
  const strides = stridesOf(out.shape);
  let offset = 0;
  for (const tensor of tensors) {
    const { shape } = tensor;
    copyStrided(heap, shape, { tensor, strides: stridesOf(shape) }, { tensor: out, offset, strides });
    offset += shape[axis]! * strides[axis]!;
  }
  return out;
};
