import { CrossEntropyProgram } from './CrossEntropyProgram.js';
import type { WebgpuKernel } from './WebgpuKernel.js';

/**
 * ℓ = log Σₖ exp zₖ − z_y and δ = softmax(z) − onehot(y) from logits z [B, C] and class indices y [B], int32.
 *
 * A class out of range gives ℓ = 0 and δ = softmax(z), as a row of zeros for its distribution would.
 *
 * @returns ℓ [B] and δ [B, C]
 */
export const sparseSoftmaxCrossEntropy: WebgpuKernel = ({ backend, util }, inputs) => {
  const { logits, labels } = inputs;
  const [batch, classes] = logits!.shape as [number, number];
  const uniforms = [
    { type: 'int32', data: [batch] },
    { type: 'int32', data: [classes] },
  ];
  return (['losses', 'gradient'] as const).map((output) => {
    const program = new CrossEntropyProgram(util, output, batch, classes);
    return backend.runWebGPUProgram(program, [logits!, labels!], 'float32', uniforms);
  });
};
