import { connectOutputs } from './connectOutputs.js';
import { addDilatedGradients } from './dilatedGradients.js';
import { type FusedGradient, fuseGradient } from './FusedGradient.js';
import { addMissingGradients } from './missingGradients.js';
import { registerOwnGradient } from './OwnGradient.js';
import { ownGradients } from './ownGradients.js';

/** The kernels whose gradient is one kernel of `kernelTable`. */
const fusedGradients: Record<string, FusedGradient> = {
  Sin: { kernel: 'SinGrad', saved: ['x'], inputs: ['x'] },
  Cos: { kernel: 'CosGrad', saved: ['x'], inputs: ['x'] },
  Tanh: { kernel: 'TanhGrad', saved: ['y'], inputs: ['x'] },
  Sigmoid: { kernel: 'SigmoidGrad', saved: ['y'], inputs: ['x'] },
  Erf: { kernel: 'ErfGrad', saved: ['x'], inputs: ['x'] },
  Relu: { kernel: 'ReluGrad', saved: ['x'], inputs: ['x'] },
  Relu6: { kernel: 'Relu6Grad', saved: ['x'], inputs: ['x'] },
  Softmax: { kernel: 'SoftmaxGrad', saved: ['y'], inputs: ['logits'] },
  ClipByValue: { kernel: 'ClipByValueGrad', saved: ['x'], inputs: ['x'] },
  Sum: { kernel: 'SumGrad', saved: ['x'], inputs: ['x'] },
  Mean: { kernel: 'MeanGrad', saved: ['x'], inputs: ['x'] },
  Max: { kernel: 'MaxGrad', saved: ['x', 'y'], inputs: ['x'] },
  Min: { kernel: 'MinGrad', saved: ['x', 'y'], inputs: ['x'] },
  Tile: { kernel: 'TileGrad', saved: ['x'], inputs: ['x'] },
  FusedBatchNorm: {
    kernel: 'FusedBatchNormGrad',
    saved: ['x', 'mean', 'variance', 'scale'],
    inputs: ['x', 'mean', 'variance', 'scale', 'offset'],
  },
};

/** The kernels whose gradient is computed from their output, with the name of their input. */
const outputGradients: Record<string, string> = { Exp: 'x', Tanh: 'x', Sigmoid: 'x', Softmax: 'logits' };

let areFused = false;

/** Lets all gradients run as one kernel where there is one, and gradients of gradients be right; once. */
export function fuseGradients(): void {
  if (areFused) return;
  areFused = true;
  for (const [kernelName, gradient] of Object.entries(fusedGradients)) fuseGradient(kernelName, gradient);
  for (const [kernelName, input] of Object.entries(outputGradients)) connectOutputs(kernelName, input);
  for (const [kernelName, gradient] of Object.entries(ownGradients)) registerOwnGradient(kernelName, gradient);
  addMissingGradients();
  addDilatedGradients();
}
