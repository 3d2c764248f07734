import { type TensorInfo, util } from '@tensorflow/tfjs';

/** @throws Error unless each tensor is float32 and has as many numbers as are said beside it. */
export function checkCounts(kernel: string, tensors: Record<string, readonly [TensorInfo, number]>): void {
  for (const [name, [{ shape, dtype }, count]] of Object.entries(tensors)) {
    if (dtype === 'float32' && util.sizeFromShape(shape) === count) continue;
    throw new Error(`${kernel} takes a float32 ${name} of ${count} numbers here, not ${dtype} [${shape}].`);
  }
}
