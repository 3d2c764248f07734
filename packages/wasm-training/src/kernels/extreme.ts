import type { Kernel } from '../Kernel.js';
import { reduceAxes } from './reduceAxes.js';

/** The largest x over the axes; NaN if one is. The kernel leaves to the stock one what is not float32. */
export const max: Kernel = (heap, inputs, attributes) =>
  inputs.x!.dtype === 'float32' ? reduceAxes(heap, inputs.x!, attributes, heap.module.maxAxis) : undefined;

/** The smallest x over the axes, as `max`. */
export const min: Kernel = (heap, inputs, attributes) =>
  inputs.x!.dtype === 'float32' ? reduceAxes(heap, inputs.x!, attributes, heap.module.minAxis) : undefined;
