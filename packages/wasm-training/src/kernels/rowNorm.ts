import type { Kernel } from '../Kernel.js';

/**
 * Euclidean norm of each row of x [B, K], float32.
 *
 * @returns [B]
 */
export const rowNorm: Kernel = (heap, { x }) => {
  const { shape, dtype } = x!;
  if (shape.length !== 2 || dtype !== 'float32') {
    throw new Error(`RowNorm takes a float32 matrix, not ${dtype} [${shape}].`);
  }
  const [rows, columns] = shape as [number, number];
  const out = heap.allocate([rows]);
  heap.module.rowNorms(heap.address(x!), heap.address(out), rows, columns);
  return out;
};
