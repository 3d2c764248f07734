import { batchMatMul } from '../kernels/batchMatMul.js';
import { einsum } from '../kernels/einsum.js';
import { fusedMatMul } from '../kernels/fusedMatMul.js';
import type { KernelGroup } from './KernelGroup.js';

/** Matrix products. */
export const products = {
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
  Einsum: {
    run: einsum,
    stock: 'missing: throws',
    ours: 'transposes where the labels need them, and a BatchMatMul',
    why: 'attention',
  },
} satisfies KernelGroup;
