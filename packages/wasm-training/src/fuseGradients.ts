import { type FusedGradient, fuseGradient } from './FusedGradient.js';

/** The kernels whose gradient is one kernel of `kernelTable`. */
const fusedGradients: Record<string, FusedGradient> = {};

let areFused = false;

/** Lets all gradients run as one kernel where there is one; once. */
export function fuseGradients(): void {
  if (areFused) return;
  areFused = true;
  for (const [kernelName, gradient] of Object.entries(fusedGradients)) fuseGradient(kernelName, gradient);
}
