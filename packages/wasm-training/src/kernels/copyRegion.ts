import { type TensorInfo, util } from '@tensorflow/tfjs';
import type { WasmHeap } from '../WasmHeap.js';

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
  const count = util.sizeFromShape(size);
  if (count === 0) return out;

  // Axes that are taken whole belong to the rows: what remains is rows along one axis, within the axes before it.
  let axis = x.shape.length - 1;
  let innerBytes = util.bytesPerElement(x.dtype);
  while (axis > 0 && size[axis] === x.shape[axis]) innerBytes *= size[axis--]!;
  const target = heap.address(out);
  if (axis <= 0) {
    const source = heap.address(x) + (begin[0] ?? 0) * innerBytes;
    heap.bytes.copyWithin(target, source, source + count * util.bytesPerElement(x.dtype));
    return out;
  }

  const rowBytes = size[axis]! * innerBytes;
  const stride = x.shape[axis]! * innerBytes;
  const rows = size[axis - 1]!;
  let position = 0;
  const copyFrom = (level: number, source: number) => {
    if (level === axis - 1) {
      const first = source + begin[level]! * stride + begin[axis]! * innerBytes;
      heap.module.copyRows(first, target + position, rows, rowBytes, stride);
      position += rows * rowBytes;
      return;
    }
    const levelBytes = util.sizeFromShape(x.shape.slice(level + 1, axis)) * stride;
    for (let i = 0; i < size[level]!; i++) copyFrom(level + 1, source + (begin[level]! + i) * levelBytes);
  };
  copyFrom(0, heap.address(x));
  return out;
}
