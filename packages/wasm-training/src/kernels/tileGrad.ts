import { type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { sumAxis } from './sumAxis.js';

/**
 * `TileGrad`: dx of a Tile, Σ of dy over all copies. Axis by axis, each a sum over the copies along it.
 *
 * Inputs dy, of the shape of the tiled tensor, and x; attribute `reps`, the copies along each axis.
 */
export const tileGrad: Kernel = (heap, inputs, attributes) => {
  const { dy, x } = inputs as { dy: TensorInfo; x: TensorInfo };
  const reps = attributes.reps as number[];
  const shape = [...dy.shape];
  let values = heap.share(dy);
  reps.forEach((count, axis) => {
    if (count === 1) return;
    const outer = util.sizeFromShape(shape.slice(0, axis));
    shape[axis] = x.shape[axis]!;
    const out = heap.allocate([...shape]);
    const inner = util.sizeFromShape(shape.slice(axis));
    sumAxis(heap, heap.address(values), heap.address(out), outer, count, inner, 1);
    heap.backend.disposeData(values.dataId);
    values = out;
  });
  return values;
};
