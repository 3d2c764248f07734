import type { Kernel } from '../Kernel.js';
import { epsilonOf } from './layerNorm.js';
import { matrixOf } from './matrixOf.js';

/** Bytes of the sums and the factor of one column: three float64. */
const COLUMN_BYTES = 24;

/**
 * `BatchNorm`: y = (x − mean) / √(variance + ε) · scale + offset, with mean and variance over all axes but the last, as in
 * training. The variance is the mean of the squared distances, not that of a sample.
 *
 * Inputs x [..., C], scale [C] and offset [C]; attribute `epsilon`. The gradient is that of y: none goes through mean and
 * variance, which are for moving averages.
 *
 * Ioffe and Szegedy, "Batch Normalization" (2015), Algorithm 1.
 *
 * @returns y [..., C], mean [C] and variance [C]
 */
export const batchNorm: Kernel = (heap, inputs, attributes) => {
  const { x, scale, offset } = inputs;
  const epsilon = epsilonOf('BatchNorm', attributes);
  const { rows, columns } = matrixOf('BatchNorm', x!, { scale, offset });
  const [y, mean, variance] = [heap.allocate(x!.shape), heap.allocate([columns]), heap.allocate([columns])];
  const work = heap.scratch(COLUMN_BYTES * columns);
  heap.module.batchNorm(
    heap.address(x!),
    heap.address(scale!),
    heap.address(offset!),
    heap.address(y),
    heap.address(mean),
    heap.address(variance),
    work,
    rows,
    columns,
    epsilon,
  );
  return [y, mean, variance];
};
