import type { Kernel } from '../Kernel.js';
import { copyStrided } from './copyStrided.js';
import { stridesOf } from './loops.js';

/** x side by side with itself, so many times along each axis. */
export const tile: Kernel = (heap, inputs, attributes) => {
  const x = inputs.x!;
  const reps = attributes.reps as number[];
  const out = heap.allocate(
    x.shape.map((size, axis) => size * reps[axis]!),
    x.dtype,
  );
  // Each axis as two: which copy, and where in it. The elements of x are the same for every copy.
  const sizes = x.shape.flatMap((size, axis) => [reps[axis]!, size]);
  const strides = stridesOf(x.shape).flatMap((stride) => [0, stride]);
  copyStrided(heap, sizes, { tensor: x, strides }, { tensor: out, strides: stridesOf(sizes) });
  return out;
};
