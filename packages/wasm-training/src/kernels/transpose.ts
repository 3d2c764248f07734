import type { Kernel } from '../Kernel.js';
import { copyStrided } from './copyStrided.js';
import { stridesOf } from './loops.js';

/** y, whose i-th axis is that of x which `perm` names; without a copy where only axes of one element move. */
export const transpose: Kernel = (heap, inputs, attributes) => {
  const x = inputs.x!;
  const perm = attributes.perm as number[];
  const shape = perm.map((axis) => x.shape[axis]!);
  const moved = perm.filter((axis) => x.shape[axis] !== 1);
  if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) return { ...heap.share(x), shape };
  const out = heap.allocate(shape, x.dtype);
  const strides = stridesOf(x.shape);
  const source = { tensor: x, strides: perm.map((axis) => strides[axis]!) };
  copyStrided(heap, shape, source, { tensor: out, strides: stridesOf(shape) });
  return out;
};
