import * as tf from '@tensorflow/tfjs';
import { adamStep } from './adamStep.js';
import { cast } from './cast.js';
import { identity } from './identity.js';
import { momentumStep } from './momentumStep.js';
import type { NativeBackend } from './NativeBackend.js';
import type { NativeKernel } from './NativeKernel.js';
import { reshape } from './reshape.js';
import { rowNorm } from './rowNorm.js';
import { searchSorted } from './searchSorted.js';
import { sparseSoftmaxCrossEntropy } from './sparseSoftmaxCrossEntropy.js';
import { step } from './step.js';

/** Kernels that tfjs-node lacks, or has with more calls of TensorFlow than their results need. */
const kernels: Record<string, NativeKernel> = {
  AdamStep: adamStep,
  Cast: cast,
  Identity: identity,
  MomentumStep: momentumStep,
  Reshape: reshape,
  RowNorm: rowNorm,
  SearchSorted: searchSorted,
  SparseSoftmaxCrossEntropy: sparseSoftmaxCrossEntropy,
  Step: step,
};

let areRegistered = false;

/** Registers the kernels with the backend `tensorflow`, once. */
export function registerNativeKernels(): void {
  if (areRegistered) return;
  areRegistered = true;
  for (const [kernelName, run] of Object.entries(kernels)) {
    const stock = tf.getKernel(kernelName, 'tensorflow');
    if (stock) tf.unregisterKernel(kernelName, 'tensorflow');
    tf.registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc: (call) => {
        const inputs = call.inputs as Record<string, tf.TensorInfo>;
        return run(call.backend as NativeBackend, inputs, call.attrs ?? {}) ?? stock!.kernelFunc(call);
      },
    });
  }
}
