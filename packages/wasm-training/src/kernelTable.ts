import type { Kernel } from './Kernel.js';
import { adamStep } from './kernels/adamStep.js';
import { batchMatMul } from './kernels/batchMatMul.js';
import { conv2DBackpropFilter } from './kernels/conv2DBackpropFilter.js';
import { conv2DBackpropInput } from './kernels/conv2DBackpropInput.js';
import { fusedMatMul } from './kernels/fusedMatMul.js';
import { identity } from './kernels/identity.js';
import { maxPoolGrad } from './kernels/maxPoolGrad.js';
import { mean } from './kernels/mean.js';
import { momentumStep } from './kernels/momentumStep.js';
import { slice } from './kernels/slice.js';
import { sparseSoftmaxCrossEntropy } from './kernels/sparseSoftmaxCrossEntropy.js';
import { splitV } from './kernels/splitV.js';
import { sum } from './kernels/sum.js';
import { unpack } from './kernels/unpack.js';

/** A kernel that `installWasmTraining` replaces or adds, and why. */
export interface KernelTableEntry {
  /** What the wasm backend does by itself. */
  readonly stock: string;
  /** What it does afterwards. */
  readonly ours: string;
  /** What that is good for. */
  readonly why: string;
}

/** The table with the functions that run. */
export const kernels = {
  BatchMatMul: {
    run: batchMatMul,
    stock: 'XNNPACK without transposes and batch, else a plain triple loop at 0.6–2.3 GFLOP/s',
    ours: 'packed product at full speed in every transposition, the batches broadcast',
    why: 'every gradient of a dense layer is a transposed product',
  },
  _FusedMatMul: {
    run: fusedMatMul,
    stock: 'as BatchMatMul; a transposed product is slow',
    ours: 'the same packed product; bias, relu and relu6 in its last pass',
    why: 'the forward pass of a dense layer',
  },
  Identity: {
    run: identity,
    stock: 'copies all data',
    ours: 'shares the data by reference count',
    why: 'every saved tensor and every variable read is an identity',
  },
  Slice: {
    run: slice,
    stock: 'copies all of x into JavaScript, then takes the slice',
    ours: 'copies only what is taken',
    why: 'a batch of 64 rows out of 60,000',
  },
  SplitV: {
    run: splitV,
    stock: 'one stock Slice per piece',
    ours: 'one copy per piece',
    why: 'heads, gates, channels',
  },
  Unpack: { run: unpack, stock: 'one stock Slice per piece', ours: 'one copy per piece', why: 'time steps' },
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
  Conv2DBackpropFilter: {
    run: conv2DBackpropFilter,
    stock: 'missing: training a convolution throws',
    ours: 'packed product of patches and gradients',
    why: 'convolutional networks train at all',
  },
  Conv2DBackpropInput: {
    run: conv2DBackpropInput,
    stock: 'plain loops at 2 GFLOP/s',
    ours: 'packed product of gradients and filter, added patch by patch',
    why: 'every convolution but the first needs it',
  },
  MaxPoolGrad: {
    run: maxPoolGrad,
    stock: 'wrong where the largest input is negative',
    ours: 'gradient to the first largest input',
    why: 'right gradients',
  },
  SparseSoftmaxCrossEntropy: {
    run: sparseSoftmaxCrossEntropy,
    stock: 'missing: 13 kernels for the loss and its gradient',
    ours: 'one pass over each row of logits, which @gradis/importance runs',
    why: 'a loss costs more in calls than in arithmetic',
  },
  AdamStep: {
    run: adamStep,
    stock: 'missing: 14 kernels for each variable',
    ours: 'one pass that fusedAdam() runs',
    why: 'a third of a step once the products are fast',
  },
  MomentumStep: {
    run: momentumStep,
    stock: 'missing: 4 kernels for each variable',
    ours: 'one pass that fusedMomentum() runs',
    why: 'as AdamStep',
  },
} satisfies Record<string, KernelTableEntry & { run: Kernel }>;

/** Names of the kernels that `installWasmTraining` replaces or adds. */
export type KernelName = keyof typeof kernels;

/** The names in the order of the table. */
export const kernelNames = Object.keys(kernels) as KernelName[];

/** For each kernel of the wasm backend: what it is by itself, what it becomes, and why. */
export const kernelTable: Readonly<Record<KernelName, KernelTableEntry>> = kernels;
