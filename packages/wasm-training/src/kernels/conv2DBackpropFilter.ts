import type { Kernel } from '../Kernel.js';
import { convolutionInfo, forEachChunk, patchArguments, patchSize, rowsPerChunk } from './patches.js';

/** dW = Σ patches(x)ᵀ · dy over all images. */
export const conv2DBackpropFilter: Kernel = (heap, inputs, attributes) => {
  const { x, dy } = inputs;
  const filterShape = attributes.filterShape as number[];
  const info = convolutionInfo(x!.shape, filterShape, attributes);
  if (!info) throw new Error('The wasm backend has no filter gradient for channels-first images (NCHW); use NHWC.');
  const { module } = heap;
  const size = patchSize(info);
  const scratch = heap.scratch(4 * rowsPerChunk(info) * info.outWidth * size + module.gemmScratchBytes());
  const patches = scratch + module.gemmScratchBytes();
  const out = heap.allocate(filterShape);
  const filter = heap.address(out);
  heap.bytes.fill(0, filter, filter + 4 * size * info.outChannels);
  forEachChunk(info, ({ image, firstRow, endRow, pixels }) => {
    const source = heap.address(x!) + 4 * image * info.inHeight * info.inWidth * info.inChannels;
    const gradient = heap.address(dy!) + 4 * (image * info.outHeight + firstRow) * info.outWidth * info.outChannels;
    module.imageToPatches(source, patches, ...patchArguments(info, firstRow, endRow));
    const n = info.outChannels;
    module.gemm(patches, 1, size, gradient, n, 1, filter, n, size, n, pixels, 0, 0, true, scratch);
  });
  return out;
};
