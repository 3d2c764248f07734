import { backend_util, type NamedAttrMap } from '@tensorflow/tfjs';

/** Shapes, strides and padding of a convolution, as TensorFlow.js computes them. */
export type ConvolutionInfo = ReturnType<typeof backend_util.computeConv2DInfo>;

/** Bytes of patches that are in work at a time; they stay in the cache. */
const CHUNK_BYTES = 2 ** 18;

/** What the attributes of a convolution mean for these shapes, or undefined for channels-first images. */
export function convolutionInfo(
  inputShape: number[],
  filterShape: number[],
  attributes: NamedAttrMap,
): ConvolutionInfo | undefined {
  if (attributes.dataFormat === 'NCHW') return undefined;
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attributes.strides as [number, number],
    1,
    attributes.pad as number,
    attributes.dimRoundingMode as 'floor' | 'round' | 'ceil',
  );
}

/** Filter elements of one output channel. */
export function patchSize({ filterHeight, filterWidth, inChannels }: ConvolutionInfo): number {
  return filterHeight * filterWidth * inChannels;
}

/** How many rows of output pixels are in work at a time. */
export function rowsPerChunk(info: ConvolutionInfo): number {
  return Math.min(info.outHeight, Math.max(1, Math.floor(CHUNK_BYTES / (4 * info.outWidth * patchSize(info)))));
}

/** Arguments that `imageToPatches` and `addPatchesToImage` share, for the output rows of one chunk. */
export function patchArguments(info: ConvolutionInfo, firstRow: number, endRow: number) {
  return [
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
    firstRow,
    endRow,
    info.outWidth,
  ] as const;
}

/** Calls `visit` for each chunk of output rows of each image. */
export function forEachChunk(
  info: ConvolutionInfo,
  visit: (chunk: { image: number; firstRow: number; endRow: number; pixels: number }) => void,
): void {
  const rows = rowsPerChunk(info);
  for (let image = 0; image < info.batchSize; image++) {
    for (let firstRow = 0; firstRow < info.outHeight; firstRow += rows) {
      const endRow = Math.min(firstRow + rows, info.outHeight);
      visit({ image, firstRow, endRow, pixels: (endRow - firstRow) * info.outWidth });
    }
  }
}
