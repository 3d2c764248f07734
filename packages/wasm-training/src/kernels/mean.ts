import type { Kernel } from '../Kernel.js';
import { sumAxes } from './sumAxes.js';

/** (1/n) Σ x over the axes. */
export const mean: Kernel = (heap, inputs, attributes) => sumAxes(heap, inputs.x!, attributes, true);
