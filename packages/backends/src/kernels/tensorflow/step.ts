import { util } from '@tensorflow/tfjs';
import type { NativeKernel } from './NativeKernel.js';
import { Ops } from './Ops.js';

/** 1 where x > 0, else 0, NaN where x is NaN: the derivative of relu, as `sign(relu(x))`. */
export const step: NativeKernel = (backend, { x }, { alpha }) => {
  if (x!.dtype !== 'float32' || alpha !== 0 || util.sizeFromShape(x!.shape) === 0) return undefined;
  const ops = new Ops(backend);
  const positive = ops.run('Relu', [ops.type('T')], [ops.id(x!)]);
  try {
    return ops.output('Sign', [ops.type('T')], [positive]);
  } finally {
    ops.release(positive);
  }
};
