import type { Kernel } from '../Kernel.js';
import { withActivation } from './fusedActivation.js';
import { matrixProduct } from './matrixProduct.js';

/** C = activation(op(A) · op(B) + bias). */
export const fusedMatMul: Kernel = (heap, inputs, attributes) => {
  const { a, b, bias } = inputs;
  const transposes = { transposeA: Boolean(attributes.transposeA), transposeB: Boolean(attributes.transposeB) };
  return withActivation(heap, inputs, attributes, (activation) =>
    matrixProduct(heap, a!, b!, { ...transposes, bias, activation }),
  );
};
