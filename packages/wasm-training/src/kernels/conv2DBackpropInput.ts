import type { Kernel } from '../Kernel.js';
import { convolutionInfo, forEachChunk, patchArguments, patchSize, rowsPerChunk } from './patches.js';

/** dx: each patch of x receives dy · Wᵀ. */
export const conv2DBackpropInput: Kernel = (heap, inputs, attributes) => {
  const { dy, filter } = inputs;
  const inputShape = attributes.inputShape as number[];
  const info = convolutionInfo(inputShape, filter!.shape, attributes);
  if (!info) return undefined;
  const { module } = heap;
  const size = patchSize(info);
  const scratch = heap.scratch(4 * rowsPerChunk(info) * info.outWidth * size + module.gemmScratchBytes());
  const patches = scratch + module.gemmScratchBytes();
  const out = heap.allocate(inputShape);
  const imageBytes = 4 * info.inHeight * info.inWidth * info.inChannels;
  const target = heap.address(out);
  heap.bytes.fill(0, target, target + info.batchSize * imageBytes);
  forEachChunk(info, ({ image, firstRow, endRow, pixels }) => {
    const n = info.outChannels;
    const gradient = heap.address(dy!) + 4 * (image * info.outHeight + firstRow) * info.outWidth * n;
    module.gemm(gradient, n, 1, heap.address(filter!), 1, n, patches, size, pixels, size, n, 0, 0, false, scratch);
    module.addPatchesToImage(patches, target + image * imageBytes, ...patchArguments(info, firstRow, endRow));
  });
  return out;
};
