import type { Kernel } from '../Kernel.js';
import { checkCounts } from './checkCounts.js';
import { checkSameFloats } from './checkSameFloats.js';
import { matrixOf } from './matrixOf.js';

/** Bytes of the sums of one column: two float64. */
const COLUMN_BYTES = 16;

/**
 * `LayerNormGrad`: with x̂ = (x − mean) · inverseDeviation and g = dy · scale, and means over the last axis,
 * dx = inverseDeviation · (g − mean g − x̂ · mean (g x̂)); dscale = Σ dy · x̂ and doffset = Σ dy over all other axes.
 *
 * Inputs dy and x [..., D], scale [D], mean and inverseDeviation [...].
 *
 * @returns dx [..., D], dscale [D] and doffset [D]
 */
export const layerNormGrad: Kernel = (heap, inputs) => {
  const { dy, x, scale, mean, inverseDeviation } = inputs;
  checkSameFloats('LayerNormGrad', [dy!, x!]);
  const { rows, columns } = matrixOf('LayerNormGrad', x!, { scale });
  checkCounts('LayerNormGrad', { mean: [mean!, rows], inverseDeviation: [inverseDeviation!, rows] });
  const [dx, dscale, doffset] = [heap.allocate(x!.shape), heap.allocate([columns]), heap.allocate([columns])];
  const sums = heap.scratch(COLUMN_BYTES * columns);
  heap.module.layerNormGradient(
    heap.address(dy!),
    heap.address(x!),
    heap.address(scale!),
    heap.address(mean!),
    heap.address(inverseDeviation!),
    heap.address(dx),
    heap.address(dscale),
    heap.address(doffset),
    sums,
    rows,
    columns,
  );
  return [dx, dscale, doffset];
};
