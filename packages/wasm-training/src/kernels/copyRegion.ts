import type { TensorInfo } from '@tensorflow/tfjs';
import type { WasmHeap } from '../WasmHeap.js';
import { copyStrided } from './copyStrided.js';
import { stridesOf } from './loops.js';

/**
 * Copies the region of `x` that starts at `begin` and has the given size into a new tensor.
 * @param shape of the new tensor, if not `size`
 */
export function copyRegion(
  heap: WasmHeap,
  x: TensorInfo,
  begin: readonly number[],
  size: number[],
  shape: number[] = size,
): TensorInfo {
  const out = heap.allocate(shape, x.dtype);
  const strides = stridesOf(x.shape);
  const offset = strides.reduce((sum, stride, axis) => sum + stride * begin[axis]!, 0);
  copyStrided(heap, size, { tensor: x, offset, strides }, { tensor: out, strides: stridesOf(size) });
  return out;
}
