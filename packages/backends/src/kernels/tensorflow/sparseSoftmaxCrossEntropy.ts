import type { NativeKernel } from './NativeKernel.js';
import { Ops } from './Ops.js';

/**
 * ℓ = log Σₖ exp zₖ − z_y and δ = softmax(z) − onehot(y) from logits z [B, C] and class indices y [B], int32.
 *
 * A class out of range gives ℓ = 0 and δ = softmax(z), as a row of zeros for its distribution would.
 *
 * @returns ℓ [B] and δ [B, C]
 */
export const sparseSoftmaxCrossEntropy: NativeKernel = (backend, { logits, labels }) => {
  const ops = new Ops(backend);
  const { TF_INT32 } = backend.binding;
  const scalars = [ops.integer(logits!.shape[1]!), ops.scalar(1), ops.scalar(0)];
  const distribution = ops.run('OneHot', [ops.type('T'), ops.type('TI', TF_INT32)], [ops.id(labels!), ...scalars]);
  try {
    return ops.outputs('SoftmaxCrossEntropyWithLogits', [ops.type('T')], [ops.id(logits!), distribution], 2);
  } finally {
    ops.release(...scalars, distribution);
  }
};
