import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';

/**
 * t where the condition is true, else e. The condition has the shape of t and e, or that of their first axes: then each truth value
 * is for what lies behind it. The kernel leaves to the stock one t and e that differ in dtype.
 *
 * @throws Error if the shapes are others, with which the stock kernel writes past the end of its result
 */
export const select: Kernel = (heap, inputs) => {
  const [condition, t, e] = [inputs.condition!, inputs.t!, inputs.e!];
  const rank = condition.shape.length;
  const isOneShape = util.arraysEqual(condition.shape, t.shape.slice(0, rank)) && util.arraysEqual(t.shape, e.shape);
  if (!isOneShape) {
    throw new Error(
      `Select takes a condition of the shape of t and e, or of their first axes, not [${condition.shape}], [${t.shape}], [${e.shape}].`,
    );
  }
  if (t.dtype !== e.dtype || t.dtype === 'string') return undefined;
  const out = heap.allocate(t.shape, t.dtype);
  const bytes = util.bytesPerElement(t.dtype) * util.sizeFromShape(t.shape.slice(rank));
  const count = util.sizeFromShape(condition.shape);
  heap.module.choose(heap.address(condition), heap.address(t), heap.address(e), heap.address(out), count, bytes);
  return out;
};
