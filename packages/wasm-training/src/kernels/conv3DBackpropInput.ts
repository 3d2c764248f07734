import { type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { conv2DBackpropInput } from './conv2DBackpropInput.js';
import { planeAttributes, planesUnder, volumeInfo } from './conv3DPlanes.js';
import { copyRegion } from './copyRegion.js';

/** dx of a convolution over volumes, which adds up that of each plane of the filter. */
export const conv3DBackpropInput: Kernel = (heap, { dy, filter }, attributes) => {
  const inputShape = attributes.inputShape as number[];
  const info = volumeInfo(inputShape, filter!.shape, attributes);
  const [batch, depth, ...image] = inputShape as [number, number, ...number[]];
  const [, ...weights] = filter!.shape;
  const [, , ...gradient] = dy!.shape;
  const out = heap.allocate(inputShape);
  heap.backend.typedArrayFromHeap(out).fill(0);
  const size = util.sizeFromShape(image);
  for (let kz = 0; kz < info.filterDepth; kz++) {
    const { input, output, count } = planesUnder(info, kz);
    if (count === 0) continue;
    const images = [batch * count, ...image];
    const plane = copyRegion(heap, filter!, [kz, 0, 0, 0, 0], [1, ...weights], weights);
    const dyPlanes = copyRegion(
      heap,
      dy!,
      [0, output, 0, 0, 0],
      [batch, count, ...gradient],
      [batch * count, ...gradient],
    );
    const dx = conv2DBackpropInput(
      heap,
      { dy: dyPlanes, filter: plane },
      { ...planeAttributes(info), inputShape: images },
    ) as TensorInfo;
    for (let i = 0; i < batch * count; i++) {
      const place = Math.floor(i / count) * depth + input + (i % count) * info.strideDepth;
      heap.module.add(heap.address(out) + 4 * place * size, heap.address(dx) + 4 * i * size, size);
    }
    for (const tensor of [plane, dyPlanes, dx]) heap.backend.disposeData(tensor.dataId);
  }
  return out;
};
