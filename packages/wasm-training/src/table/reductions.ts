import { max, min } from '../kernels/extreme.js';
import { largestProducts } from '../kernels/largestProducts.js';
import { mean, sum } from '../kernels/sum.js';
import type { KernelGroup } from './KernelGroup.js';

/** Sums, extremes and their like over axes. */
export const reductions = {
  Sum: {
    run: sum,
    stock: 'transposes x first unless the last axes are summed; float32 sums',
    ours: 'one pass for each run of adjacent axes; float64 sums',
    why: 'the gradient of every bias is a sum over the batch',
  },
  Mean: {
    run: mean,
    stock: 'as Sum',
    ours: 'as Sum',
    why: 'losses and normalisation',
  },
  Max: {
    run: max,
    stock: 'transposes x first unless the maximum is over the last axes; one number at a time',
    ours: 'one pass for each run of adjacent axes, four at once',
    why: 'maxima over points, and softmax',
  },
  Min: { run: min, stock: 'as Max, and wrong over axes that are apart', ours: 'as Max', why: 'the counterpart of Max' },
  LargestProducts: {
    run: largestProducts,
    stock: 'missing: the whole product, and ArgMax of it',
    ours: 'blocks of the product, each compared while in the cache',
    why: 'a maximum over points passes one gradient of a thousand',
  },
} satisfies KernelGroup;
