import { backend_util, type NamedAttrMap } from '@tensorflow/tfjs';

type Shape5D = [number, number, number, number, number];

/** Shapes, strides and padding of a convolution over volumes [batch, depth, height, width, channels]. */
export type VolumeInfo = ReturnType<typeof backend_util.computeConv3DInfo>;

/** What the attributes of a convolution over volumes mean for these shapes. */
export function volumeInfo(inputShape: number[], filterShape: number[], { strides, pad }: NamedAttrMap): VolumeInfo {
  return backend_util.computeConv3DInfo(
    inputShape as Shape5D,
    filterShape as Shape5D,
    strides as [number, number, number],
    1,
    pad as 'same' | 'valid',
  );
}

/** The attributes of the convolution over images that a plane of the filter is. */
export function planeAttributes({ padInfo, strideHeight, strideWidth }: VolumeInfo): NamedAttrMap {
  const { top, bottom, left, right } = padInfo;
  const pad = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return { strides: [strideHeight, strideWidth], pad: pad as unknown as number[] };
}

/**
 * Which planes of a volume lie under plane `kz` of the filter: `count` of them, `strideDepth` apart from `input` on, for the
 * output planes from `output` on. The others are padding.
 */
export function planesUnder(
  { inDepth, outDepth, strideDepth, padInfo }: VolumeInfo,
  kz: number,
): { input: number; output: number; count: number } {
  const front = kz - padInfo.front;
  const output = Math.max(0, Math.ceil(-front / strideDepth));
  const end = Math.min(outDepth, Math.floor((inDepth - 1 - front) / strideDepth) + 1);
  return { input: output * strideDepth + front, output, count: Math.max(0, end - output) };
}
