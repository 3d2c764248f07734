import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { checkCounts } from './checkCounts.js';
import { convolutionInfo, isPointwise, putSizes, SIZES_BYTES } from './convolutionSizes.js';

/** dFilter = Σ patch ⊗ dy over all output pixels. */
export const conv2DBackpropFilter: Kernel = (heap, { x, dy }, attributes) => {
  const filterShape = attributes.filterShape as number[];
  const info = convolutionInfo(x!.shape, filterShape, attributes);
  if (!info) throw new Error('The wasm backend has no filter gradient for channels-first images (NCHW); use NHWC.');
  checkCounts('Conv2DBackpropFilter', {
    dy: [dy!, util.sizeFromShape(info.outShape)],
    x: [x!, util.sizeFromShape(x!.shape)],
  });
  const { module } = heap;
  const out = heap.allocate(filterShape);
  const scratch = heap.scratch(SIZES_BYTES + module.gemmScratchBytes());
  const product = scratch + SIZES_BYTES;
  const [xAt, dyAt, outAt] = [heap.address(x!), heap.address(dy!), heap.address(out)];
  if (isPointwise(info)) {
    const pixels = info.batchSize * info.outHeight * info.outWidth;
    const { inChannels: m, outChannels: n } = info;
    module.gemm(xAt, 1, m, dyAt, n, 1, outAt, n, m, n, pixels, 0, 0, false, product);
  } else {
    putSizes(heap, scratch, info);
    module.filterGradient(scratch, xAt, dyAt, outAt, product);
  }
  return out;
};
