import { backend_util, type NamedAttrMap } from '@tensorflow/tfjs';
import type { WasmHeap } from '../WasmHeap.js';

/** Shapes, strides and padding of a convolution or a pooling, as TensorFlow.js computes them. */
export type ConvolutionInfo = ReturnType<typeof backend_util.computeConv2DInfo>;

type Shape4D = [number, number, number, number];

/** What the attributes of a convolution mean for these shapes, or undefined for channels-first images. */
export function convolutionInfo(
  inputShape: number[],
  filterShape: number[],
  { strides, dilations = 1, pad, dimRoundingMode, dataFormat }: NamedAttrMap,
): ConvolutionInfo | undefined {
  if (dataFormat === 'NCHW') return undefined;
  return backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides as [number, number],
    dilations as [number, number],
    pad as number,
    dimRoundingMode as 'floor' | 'round' | 'ceil',
  );
}

/** What the attributes of a pooling mean for images of this shape. */
export function poolingInfo(
  inputShape: number[],
  { filterSize, strides, pad, dimRoundingMode }: NamedAttrMap,
): ConvolutionInfo {
  return backend_util.computePool2DInfo(
    inputShape as Shape4D,
    filterSize as [number, number],
    strides as [number, number],
    1,
    pad as number,
    dimRoundingMode as 'floor' | 'round' | 'ceil',
  );
}

/** Filter elements of one output channel. */
export function patchSize({ filterHeight, filterWidth, inChannels }: ConvolutionInfo): number {
  return filterHeight * filterWidth * inChannels;
}

/** Whether the filter is one pixel that moves over the image as it is: then images are matrices of pixels × channels. */
export function isPointwise({
  filterHeight,
  filterWidth,
  strideHeight,
  strideWidth,
  padInfo,
}: ConvolutionInfo): boolean {
  const { top, bottom, left, right } = padInfo;
  return filterHeight * filterWidth * strideHeight * strideWidth === 1 && top + bottom + left + right === 0;
}

/** Bytes that `putSizes` writes. */
export const SIZES_BYTES = 64;

/** Writes the sizes to this address, as assembly/Sizes.ts has them. */
export function putSizes(heap: WasmHeap, address: number, info: ConvolutionInfo): void {
  const sizes = [
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.filterHeight,
    info.filterWidth,
    info.outHeight,
    info.outWidth,
    info.outChannels,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    info.padInfo.top,
    info.padInfo.left,
  ];
  new Int32Array(heap.bytes.buffer, address, sizes.length).set(sizes);
}
