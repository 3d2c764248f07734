import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { averagePoolGrad as averagePoolGrad2D } from './averagePoolGrad.js';
import { maxPool as maxPool2D } from './maxPool.js';
import { maxPoolGrad as maxPoolGrad2D } from './maxPoolGrad.js';

// A window over a volume is a window over each plane, and then one over the planes that lie behind each other: two poolings of
// images, for maxima as for averages.

/** A pooling of images of this shape. */
interface Pooling2D {
  shape: number[];
  attributes: NamedAttrMap;
}

/** y: the largest number under each window of volumes. The kernel leaves to the stock one what is not float32. */
export const maxPool3D: Kernel = (heap, { x }, attributes) => {
  if (x!.dtype !== 'float32') return undefined;
  const { within, behind, outShape } = twoPoolings(x!.shape, attributes);
  const planes = maxPool2D(heap, { x: imagesOf(x!, within) }, within.attributes) as TensorInfo;
  const y = maxPool2D(heap, { x: imagesOf(planes, behind) }, behind.attributes) as TensorInfo;
  heap.backend.disposeData(planes.dataId);
  return { ...y, shape: outShape };
};

/** dx: each gradient goes to the largest element under its window of volumes, the first one of several. */
export const maxPool3DGrad: Kernel = (heap, { dy, input: x }, attributes) => {
  const { within, behind } = twoPoolings(x!.shape, attributes);
  const input = imagesOf(x!, within);
  const planes = maxPool2D(heap, { x: input }, within.attributes) as TensorInfo;
  const dPlanes = maxPoolGrad2D(heap, { dy: dy!, input: imagesOf(planes, behind) }, behind.attributes) as TensorInfo;
  const dx = maxPoolGrad2D(heap, { dy: dPlanes, input }, within.attributes) as TensorInfo;
  for (const { dataId } of [planes, dPlanes]) heap.backend.disposeData(dataId);
  return { ...dx, shape: x!.shape };
};

/** dx: the pixels under a window of volumes share its gradient; padding has no share. */
export const averagePool3DGrad: Kernel = (heap, { dy, input: x }, attributes) => {
  const { within, behind } = twoPoolings(x!.shape, attributes);
  const dPlanes = averagePoolGrad2D(heap, { dy: dy!, input: imagesOf(x!, behind) }, behind.attributes) as TensorInfo;
  const dx = averagePoolGrad2D(heap, { dy: dPlanes, input: imagesOf(x!, within) }, within.attributes) as TensorInfo;
  heap.backend.disposeData(dPlanes.dataId);
  return { ...dx, shape: x!.shape };
};

function imagesOf(tensor: TensorInfo, { shape }: Pooling2D): TensorInfo {
  return { ...tensor, shape };
}

/**
 * The pooling within all planes of volumes of this shape, [batch · depth, height, width, channels], and that of the pixels behind
 * each other, [batch, depth, outHeight · outWidth, channels].
 */
function twoPoolings(
  shape: number[],
  { filterSize, strides, pad, dimRoundingMode }: NamedAttrMap,
): { within: Pooling2D; behind: Pooling2D; outShape: number[] } {
  const info = backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    filterSize as [number, number, number],
    strides as [number, number, number],
    1,
    pad as 'same' | 'valid' | number,
    dimRoundingMode as 'floor' | 'round' | 'ceil',
  );
  const { batchSize, inDepth, inHeight, inWidth, inChannels, outHeight, outWidth, outShape, padInfo } = info;
  const pooling2D = (size: number[], steps: number[], vertical: number[], horizontal: number[]): NamedAttrMap => ({
    filterSize: size,
    strides: steps,
    pad: [[0, 0], vertical, horizontal, [0, 0]] as unknown as number[],
    dimRoundingMode,
  });
  return {
    within: {
      shape: [batchSize * inDepth, inHeight, inWidth, inChannels],
      attributes: pooling2D(
        [info.filterHeight, info.filterWidth],
        [info.strideHeight, info.strideWidth],
        [padInfo.top, padInfo.bottom],
        [padInfo.left, padInfo.right],
      ),
    },
    behind: {
      shape: [batchSize, inDepth, outHeight * outWidth, inChannels],
      attributes: pooling2D([info.filterDepth, 1], [info.strideDepth, 1], [padInfo.front, padInfo.back], [0, 0]),
    },
    outShape,
  };
}
