import { rowNorm } from '../kernels/rowNorm.js';
import { sparseSoftmaxCrossEntropy } from '../kernels/sparseSoftmaxCrossEntropy.js';
import type { KernelGroup } from './KernelGroup.js';

/** Losses with their gradients, and scores of samples. */
export const losses = {
  SparseSoftmaxCrossEntropy: {
    run: sparseSoftmaxCrossEntropy,
    stock: 'missing: 13 kernels for the loss and its gradient',
    ours: 'one pass over each row of logits',
    why: 'a loss costs more in calls than in arithmetic',
  },
  RowNorm: {
    run: rowNorm,
    stock: 'missing: 3 kernels',
    ours: 'one pass over each row; float64 sums',
    why: 'norms of the gradients of single samples',
  },
} satisfies KernelGroup;
