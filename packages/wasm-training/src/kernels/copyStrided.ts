import { type TensorInfo, util } from '@tensorflow/tfjs';
import type { WasmHeap } from '../WasmHeap.js';
import { loopsOver, putLoops, SINGLE } from './loops.js';

/** Where elements lie in a tensor: the place of the first one and the distances along each axis, in elements. */
export interface Layout {
  readonly tensor: TensorInfo;
  readonly offset?: number;
  readonly strides: number[];
}

/** Copies elements, as many as `sizes` says along each axis, from one layout into another. */
export function copyStrided(heap: WasmHeap, sizes: number[], source: Layout, target: Layout): void {
  if (util.sizeFromShape(sizes) === 0) return;
  const elementBytes = util.bytesPerElement(source.tensor.dtype);
  const address = ({ tensor, offset = 0 }: Layout) => heap.address(tensor) + offset * elementBytes;
  const loops = loopsOver(sizes, source.strides, target.strides);
  while (loops.length < 2) loops.unshift(SINGLE);
  // The rows of a transpose: the axis along which the source lies in one piece, beside that of the target.
  const adjacent = loops.findIndex(({ first }) => first === 1);
  if (adjacent >= 0 && adjacent < loops.length - 1) loops.splice(-1, 0, ...loops.splice(adjacent, 1));
  const loopsAt = putLoops(heap, loops, elementBytes);
  heap.module.copyStrided(loopsAt, loops.length, address(source), address(target), elementBytes);
}
