import { util } from '@tensorflow/tfjs';
import type { NativeKernel } from './NativeKernel.js';
import { Ops } from './Ops.js';
import { share } from './share.js';

/** x itself where it has the shape already, else one op with its shape straight from JavaScript. */
export const reshape: NativeKernel = (backend, inputs, attributes) => {
  const x = inputs.x!;
  const shape = util.inferFromImplicitShape(attributes.shape as number[], util.sizeFromShape(x.shape));
  if (util.arraysEqual(shape, x.shape)) return share(backend, x);
  const ops = new Ops(backend);
  const target = ops.integers(shape);
  try {
    const types = [ops.type('T', backend.getDTypeInteger(x.dtype)), ops.type('Tshape', backend.binding.TF_INT32)];
    return ops.output('Reshape', types, [ops.id(x), target]);
  } finally {
    ops.release(target);
  }
};
