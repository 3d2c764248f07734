import { rowNorm } from '../kernels/rowNorm.js';
import { sparseSoftmaxCrossEntropy } from '../kernels/sparseSoftmaxCrossEntropy.js';
import type { KernelGroup } from './KernelGroup.js';

/** Losses with their gradients, and scores of samples. */
export const losses = {
  SparseSoftmaxCrossEntropy: {
    run: sparseSoftmaxCrossEntropy,
    stock: 'missing: 13 kernels for the loss and its gradient',
    ours: 'one pass over each row of logits, which @gradis/importance runs',
    why: 'a loss costs more in calls than in arithmetic',
  },
  RowNorm: {
    run: rowNorm,
    stock: 'missing: 3 kernels',
    ours: 'one pass over each row; float64 sums',
    why: 'the score of a sample is a norm',
  },
} satisfies KernelGroup;
