import { type TensorInfo, util } from '@tensorflow/tfjs';

/** @throws Error unless all tensors are float32 and of one shape. */
export function checkSameFloats(kernel: string, tensors: TensorInfo[]): void {
  const [first] = tensors;
  for (const { shape, dtype } of tensors) {
    if (dtype !== 'float32' || !util.arraysEqual(shape, first!.shape)) {
      throw new Error(`${kernel} takes float32 tensors of shape [${first!.shape}], not ${dtype} [${shape}].`);
    }
  }
}
