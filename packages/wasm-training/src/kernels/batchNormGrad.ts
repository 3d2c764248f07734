import type { Kernel } from '../Kernel.js';
import { checkSameFloats } from './checkSameFloats.js';
import { epsilonOf } from './layerNorm.js';
import { matrixOf } from './matrixOf.js';

/** Bytes of the sums and factors of one column: four float64. */
const COLUMN_BYTES = 32;

/**
 * `BatchNormGrad`: with x̂ = (x − mean) / √(variance + ε), and sums and means over all axes but the last,
 * doffset = Σ dy,   dscale = Σ dy · x̂,   dx = scale / √(variance + ε) · (dy − mean dy − x̂ · mean (dy · x̂)).
 *
 * Inputs dy and x [..., C], scale, mean and variance [C]; attribute `epsilon`.
 *
 * @returns dx [..., C], dscale [C] and doffset [C]
 */
export const batchNormGrad: Kernel = (heap, inputs, attributes) => {
  const { dy, x, scale, mean, variance } = inputs;
  const epsilon = epsilonOf('BatchNormGrad', attributes);
  checkSameFloats('BatchNormGrad', [dy!, x!]);
  const { rows, columns } = matrixOf('BatchNormGrad', x!, { scale, mean, variance });
  const [dx, dscale, doffset] = [heap.allocate(x!.shape), heap.allocate([columns]), heap.allocate([columns])];
  const work = heap.scratch(COLUMN_BYTES * columns);
  heap.module.batchNormGradient(
    heap.address(dy!),
    heap.address(x!),
    heap.address(scale!),
    heap.address(mean!),
    heap.address(variance!),
    heap.address(dx),
    heap.address(dscale),
    heap.address(doffset),
    work,
    rows,
    columns,
    epsilon,
  );
  return [dx, dscale, doffset];
};
