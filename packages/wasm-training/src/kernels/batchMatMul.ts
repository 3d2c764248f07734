import type { Kernel } from '../Kernel.js';
import { matrixProduct } from './matrixProduct.js';

/** C = op(A) · op(B) for each matrix of the batch. */
export const batchMatMul: Kernel = (heap, inputs, attributes) =>
  matrixProduct(heap, inputs.a!, inputs.b!, {
    transposeA: Boolean(attributes.transposeA),
    transposeB: Boolean(attributes.transposeB),
  });
