import { getKernel, registerKernel, type TensorInfo } from '@tensorflow/tfjs';
import type { WebGPUBackend, webgpu_util } from '@tensorflow/tfjs-backend-webgpu';
import { adamStep } from './adamStep.js';
import { momentumStep } from './momentumStep.js';
import { sparseSoftmaxCrossEntropy } from './sparseSoftmaxCrossEntropy.js';
import type { WebgpuKernel } from './WebgpuKernel.js';

/** Kernels of a training step that the backend would make of many smaller ones. */
const kernels: Record<string, WebgpuKernel> = {
  AdamStep: adamStep,
  MomentumStep: momentumStep,
  SparseSoftmaxCrossEntropy: sparseSoftmaxCrossEntropy,
};

/**
 * Registers the kernels with the backend `webgpu`, once.
 *
 * @param util the helpers that its package exports
 */
export function registerWebgpuKernels(util: typeof webgpu_util): void {
  for (const [kernelName, run] of Object.entries(kernels)) {
    if (getKernel(kernelName, 'webgpu')) continue;
    registerKernel({
      kernelName,
      backendName: 'webgpu',
      kernelFunc: ({ backend, inputs, attrs = {} }) =>
        run({ backend: backend as WebGPUBackend, util }, inputs as Record<string, TensorInfo>, attrs),
    });
  }
}
