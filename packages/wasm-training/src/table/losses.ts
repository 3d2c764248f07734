import { sparseSoftmaxCrossEntropy } from '../kernels/sparseSoftmaxCrossEntropy.js';
import type { KernelGroup } from './KernelGroup.js';

/** Losses with their gradients. */
export const losses = {
  SparseSoftmaxCrossEntropy: {
    run: sparseSoftmaxCrossEntropy,
    stock: 'missing: 13 kernels for the loss and its gradient',
    ours: 'one pass over each row of logits, which @gradis/importance runs',
    why: 'a loss costs more in calls than in arithmetic',
  },
} satisfies KernelGroup;
