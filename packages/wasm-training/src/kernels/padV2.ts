import type { Kernel } from '../Kernel.js';
import { copyStrided } from './copyStrided.js';
import { stridesOf } from './loops.js';

/** x with so many elements of one value before and after it along each axis. */
export const padV2: Kernel = (heap, inputs, attributes) => {
  const x = inputs.x!;
  const paddings = attributes.paddings as [number, number][];
  if (paddings.flat().some((count) => count < 0)) return undefined;
  const out = heap.allocate(
    x.shape.map((size, axis) => paddings[axis]![0] + size + paddings[axis]![1]),
    x.dtype,
  );
  heap.backend.typedArrayFromHeap(out).fill(attributes.constantValue as number);
  const strides = stridesOf(out.shape);
  const offset = strides.reduce((sum, stride, axis) => sum + stride * paddings[axis]![0], 0);
  copyStrided(heap, x.shape, { tensor: x, strides: stridesOf(x.shape) }, { tensor: out, offset, strides });
  return out;
};
