import { type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { conv2DBackpropFilter } from './conv2DBackpropFilter.js';
import { planeAttributes, planesUnder, volumeInfo } from './conv3DPlanes.js';
import { copyRegion } from './copyRegion.js';
import { copyStrided } from './copyStrided.js';
import { stridesOf } from './loops.js';

/** dFilter of a convolution over volumes, plane by plane of the filter. */
export const conv3DBackpropFilter: Kernel = (heap, { x, dy }, attributes) => {
  const filterShape = attributes.filterShape as number[];
  const info = volumeInfo(x!.shape, filterShape, attributes);
  const [batch, , ...image] = x!.shape as [number, number, ...number[]];
  const [filterDepth, ...weights] = filterShape as [number, ...number[]];
  const [, , ...gradient] = dy!.shape;
  const out = heap.allocate(filterShape);
  heap.backend.typedArrayFromHeap(out).fill(0);
  const strides = stridesOf(x!.shape);
  for (let kz = 0; kz < filterDepth; kz++) {
    const { input, output, count } = planesUnder(info, kz);
    if (count === 0) continue;
    const images = heap.allocate([batch * count, ...image]);
    const sizes = [batch, count, ...image];
    const source = strides.with(1, strides[1]! * info.strideDepth);
    copyStrided(
      heap,
      sizes,
      { tensor: x!, offset: input * strides[1]!, strides: source },
      { tensor: images, strides: stridesOf(sizes) },
    );
    const dyPlanes = copyRegion(
      heap,
      dy!,
      [0, output, 0, 0, 0],
      [batch, count, ...gradient],
      [batch * count, ...gradient],
    );
    const plane = conv2DBackpropFilter(
      heap,
      { x: images, dy: dyPlanes },
      { ...planeAttributes(info), filterShape: weights },
    ) as TensorInfo;
    const size = util.sizeFromShape(weights);
    heap.module.add(heap.address(out) + 4 * kz * size, heap.address(plane), size);
    for (const tensor of [images, dyPlanes, plane]) heap.backend.disposeData(tensor.dataId);
  }
  return out;
};
