import type { Kernel } from '../Kernel.js';
import { sumAxes } from './sumAxes.js';

/** Σ x over the axes. */
export const sum: Kernel = (heap, inputs, attributes) => sumAxes(heap, inputs.x!, attributes, false);
