import type { Kernel } from '../Kernel.js';

/**
 * `LargestProducts`: for each set and each column, the first row of x · w with the largest number there.
 * Inputs x [sets, rows, depth] and w [depth, columns], float32. The product is never in memory as a whole.
 *
 * @returns [sets, columns], int32
 */
export const largestProducts: Kernel = (heap, inputs) => {
  const [x, w] = [inputs.x!, inputs.w!];
  const [sets, rows, depth] = x.shape as [number, number, number];
  const columns = w.shape[1]!;
  if (x.shape.length !== 3 || w.shape.length !== 2 || w.shape[0] !== depth) {
    throw new Error(
      `LargestProducts takes x [sets, rows, depth] and w [depth, columns], not [${x.shape}], [${w.shape}].`,
    );
  }
  if (rows === 0) throw new Error(`LargestProducts of x [${x.shape}]: none of 0 rows is the largest.`);
  if (x.dtype !== 'float32' || w.dtype !== 'float32') {
    throw new Error(`LargestProducts takes float32 tensors, not ${x.dtype} and ${w.dtype}.`);
  }
  const index = heap.allocate([sets, columns], 'int32');
  const { module } = heap;
  const scratch = heap.scratch(module.largestProductsScratchBytes(columns));
  module.largestProducts(heap.address(x), heap.address(w), heap.address(index), sets, rows, depth, columns, scratch);
  return index;
};
