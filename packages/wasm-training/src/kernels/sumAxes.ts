import type { Kernel } from '../Kernel.js';
import { reduceAxes } from './reduceAxes.js';
import { sumAxis } from './sumAxis.js';

/** Σ x over the axes. The kernel leaves to the stock one what is not float32. */
export const sum: Kernel = (heap, inputs, attributes) => {
  if (inputs.x!.dtype !== 'float32') return undefined;
  return reduceAxes(heap, inputs.x!, attributes, (x, y, outer, length, inner) =>
    sumAxis(heap, x, y, outer, length, inner, 1),
  );
};

/** (1/n) Σ x over the axes. The kernel leaves to the stock one what is not float32. */
export const mean: Kernel = (heap, inputs, attributes) => {
  if (inputs.x!.dtype !== 'float32') return undefined;
  return reduceAxes(heap, inputs.x!, attributes, (x, y, outer, length, inner) =>
    sumAxis(heap, x, y, outer, length, inner, 1 / length),
  );
};
