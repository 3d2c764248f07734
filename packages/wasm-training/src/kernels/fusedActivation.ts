import { getKernel, type TensorInfo } from '@tensorflow/tfjs';
import type { KernelInputs } from '../Kernel.js';
import type { WasmHeap } from '../WasmHeap.js';
import { ACTIVATIONS } from './matrixProduct.js';

/** Activations that are not part of a product but a kernel after it. */
const ACTIVATION_KERNELS: Record<string, string> = {
  elu: 'Elu',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
  sigmoid: 'Sigmoid',
};

/** The activation of a fused kernel: within the product where that can do it, else by a kernel of its own after it. */
export function withActivation(
  heap: WasmHeap,
  { preluActivationWeights }: KernelInputs,
  { activation = 'linear', leakyreluAlpha }: { activation?: string; leakyreluAlpha?: number },
  product: (activation: keyof typeof ACTIVATIONS) => TensorInfo,
): TensorInfo {
  if (isFused(activation)) return product(activation);
  const kernelName = ACTIVATION_KERNELS[activation];
  if (!kernelName) throw new Error(`The wasm backend has no fused activation '${activation}'.`);
  const linear = product('linear');
  const activated = getKernel(kernelName, 'wasm').kernelFunc({
    inputs: { x: linear, ...(preluActivationWeights && { alpha: preluActivationWeights }) },
    attrs: leakyreluAlpha === undefined ? {} : { alpha: leakyreluAlpha },
    backend: heap.backend,
  });
  heap.backend.disposeData(linear.dataId);
  return activated as TensorInfo;
}

function isFused(activation: string): activation is keyof typeof ACTIVATIONS {
  return activation in ACTIVATIONS;
}
