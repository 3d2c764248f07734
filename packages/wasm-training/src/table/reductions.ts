import { mean } from '../kernels/mean.js';
import { sum } from '../kernels/sum.js';
import type { KernelGroup } from './KernelGroup.js';

/** Sums and their like over axes. */
export const reductions = {
  Sum: {
    run: sum,
    stock: 'transposes x first unless the last axes are summed; float32 sums',
    ours: 'one pass for any run of adjacent axes; float64 sums',
    why: 'the gradient of every bias is a sum over the batch',
  },
  Mean: {
    run: mean,
    stock: 'as Sum',
    ours: 'as Sum',
    why: 'losses and normalisation',
  },
} satisfies KernelGroup;
