import type { NamedAttrMap } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { matrixOf } from './matrixOf.js';

/** Attributes of the kernels `LayerNorm` and `BatchNorm`: ε ≥ 0, which is added to the variance. */
export type NormalizationAttributes = { epsilon: number };

/**
 * `LayerNorm`: y = (x − mean) / √(variance + ε) · scale + offset, with mean and variance over the last axis.
 *
 * Inputs x [..., D], scale [D] and offset [D]; attribute `epsilon`. The gradient is that of y: none goes through the other
 * two outputs.
 *
 * Ba, Kiros and Hinton, "Layer Normalization" (2016), eqs. 3 and 4.
 *
 * @returns y [..., D], mean [...] and 1 / √(variance + ε) [...]
 */
export const layerNorm: Kernel = (heap, inputs, attributes) => {
  const { x, scale, offset } = inputs;
  const epsilon = epsilonOf('LayerNorm', attributes);
  const { rows, columns } = matrixOf('LayerNorm', x!, { scale, offset });
  const shape = x!.shape.slice(0, -1);
  const [y, mean, inverseDeviation] = [heap.allocate(x!.shape), heap.allocate(shape), heap.allocate(shape)];
  heap.module.layerNorm(
    heap.address(x!),
    heap.address(scale!),
    heap.address(offset!),
    heap.address(y),
    heap.address(mean),
    heap.address(inverseDeviation),
    rows,
    columns,
    epsilon,
  );
  return [y, mean, inverseDeviation];
};

/** @throws Error unless there is an ε ≥ 0 */
export function epsilonOf(kernel: string, { epsilon }: NamedAttrMap): number {
  if (typeof epsilon === 'number' && epsilon >= 0) return epsilon;
  throw new Error(`${kernel} takes an attribute epsilon ≥ 0, not ${epsilon}.`);
}
