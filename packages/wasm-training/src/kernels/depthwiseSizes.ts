import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs';
import type { WasmHeap } from '../WasmHeap.js';
import type { ConvolutionInfo } from './convolutionSizes.js';
import { copyStrided } from './copyStrided.js';
import { stridesOf } from './loops.js';

type Shape4D = [number, number, number, number];

/** What the attributes of a depthwise convolution mean for these shapes. */
export function depthwiseInfo(
  inputShape: number[],
  filterShape: number[],
  { strides, dilations, pad, dimRoundingMode }: NamedAttrMap,
): ConvolutionInfo {
  return backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides as [number, number],
    (dilations as [number, number] | undefined) ?? [1, 1],
    pad as number,
    dimRoundingMode as 'floor' | 'round' | 'ceil',
    true,
  );
}

/**
 * The same for images in which a channel is there once for each of its filters: then the filters are one a channel, and lie as
 * they did.
 */
export function withRepeatedChannels(info: ConvolutionInfo): ConvolutionInfo {
  return { ...info, inChannels: info.outChannels };
}

/** Images in which each channel is there so many times, in a row. To be disposed of if it is not `images` itself. */
export function repeatChannels(heap: WasmHeap, images: TensorInfo, times: number): TensorInfo {
  if (times === 1) return images;
  const shape = [...images.shape, times];
  const repeated = heap.allocate(shape);
  const source = { tensor: images, strides: [...stridesOf(images.shape), 0] };
  copyStrided(heap, shape, source, { tensor: repeated, strides: stridesOf(shape) });
  return repeated;
}
