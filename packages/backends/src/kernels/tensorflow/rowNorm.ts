import type { NativeKernel } from './NativeKernel.js';
import { Ops } from './Ops.js';

/**
 * Euclidean norm of each row of x [B, K], float32.
 *
 * @returns [B]
 */
export const rowNorm: NativeKernel = (backend, { x }) => {
  const ops = new Ops(backend);
  const columns = ops.integers([1]);
  const attributes = [ops.type('T'), ops.type('Tidx', backend.binding.TF_INT32), ops.flag('keep_dims', false)];
  try {
    return ops.output('EuclideanNorm', attributes, [ops.id(x!), columns]);
  } finally {
    ops.release(columns);
  }
};
