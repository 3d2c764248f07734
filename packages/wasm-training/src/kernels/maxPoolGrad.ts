import { backend_util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';

/** dx: each gradient goes to the largest element under its window, the first one of several. */
export const maxPoolGrad: Kernel = (heap, inputs, attributes) => {
  const { dy, input: x } = inputs;
  const info = backend_util.computePool2DInfo(
    x!.shape as [number, number, number, number],
    attributes.filterSize as [number, number],
    attributes.strides as [number, number],
    1,
    attributes.pad as number,
    attributes.dimRoundingMode as 'floor' | 'round' | 'ceil',
  );
  const out = heap.allocate(x!.shape);
  const imageBytes = 4 * info.inHeight * info.inWidth * info.inChannels;
  const gradientBytes = 4 * info.outHeight * info.outWidth * info.inChannels;
  const target = heap.address(out);
  heap.bytes.fill(0, target, target + info.batchSize * imageBytes);
  for (let image = 0; image < info.batchSize; image++) {
    heap.module.maxPoolGradient(
      heap.address(x!) + image * imageBytes,
      heap.address(dy!) + image * gradientBytes,
      target + image * imageBytes,
      info.inHeight,
      info.inWidth,
      info.inChannels,
      info.filterHeight,
      info.filterWidth,
      info.strideHeight,
      info.strideWidth,
      info.padInfo.top,
      info.padInfo.left,
      info.outHeight,
      info.outWidth,
    );
  }
  return out;
};
