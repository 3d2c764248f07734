import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';

/** Bytes of what the compiled kernel leaves of each row: two floats. */
const ROW_BYTES = 8;

/**
 * ℓ = log Σₖ exp zₖ − z_y and δ = softmax(z) − onehot(y) from logits z [B, C] and class indices y [B], int32.
 *
 * A class out of range gives ℓ = 0 and δ = softmax(z), as a row of zeros for its distribution would.
 *
 * @returns ℓ [B] and δ [B, C]
 */
export const sparseSoftmaxCrossEntropy: Kernel = (heap, inputs) => {
  const { logits, labels } = inputs;
  const [rows, columns] = logits!.shape as [number, number];
  if (logits!.dtype !== 'float32' || labels!.dtype !== 'int32') {
    throw new Error(
      `SparseSoftmaxCrossEntropy got ${logits!.dtype} logits and ${labels!.dtype} labels; it takes float32 and int32.`,
    );
  }
  if (logits!.shape.length !== 2 || util.sizeFromShape(labels!.shape) !== rows) {
    throw new Error(
      `SparseSoftmaxCrossEntropy got logits [${logits!.shape}] and labels [${labels!.shape}]; it takes [B, C] and [B].`,
    );
  }
  const gradient = heap.allocate([rows, columns]);
  const losses = heap.allocate([rows]);
  const parts = heap.scratch(ROW_BYTES * rows);
  heap.module.crossEntropy(heap.address(logits!), heap.address(labels!), parts, heap.address(gradient), rows, columns);
  const { buffer } = heap.bytes;
  const [sumAndShift, out] = [
    new Float32Array(buffer, parts, 2 * rows),
    new Float32Array(buffer, heap.address(losses), rows),
  ];
  for (let row = 0; row < rows; row++) out[row] = Math.log(sumAndShift[2 * row]!) - sumAndShift[2 * row + 1]!;
  return [losses, gradient];
};
