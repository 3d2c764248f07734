import { getKernel, type TensorInfo } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { ACTIVATIONS, matrixProduct } from './matrixProduct.js';

/** Activations that are not part of the product but a kernel after it. */
const ACTIVATION_KERNELS: Record<string, string> = {
  elu: 'Elu',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
  sigmoid: 'Sigmoid',
};

/** C = activation(op(A) · op(B) + bias). */
export const fusedMatMul: Kernel = (heap, inputs, attributes) => {
  const { a, b, bias, preluActivationWeights } = inputs;
  const activation = String(attributes.activation ?? 'linear');
  const options = {
    transposeA: Boolean(attributes.transposeA),
    transposeB: Boolean(attributes.transposeB),
    bias,
  };
  if (isFused(activation)) return matrixProduct(heap, a!, b!, { ...options, activation });

  const kernelName = ACTIVATION_KERNELS[activation];
  if (!kernelName) throw new Error(`The wasm backend has no fused activation '${activation}'.`);
  const product = matrixProduct(heap, a!, b!, options);
  const activated = getKernel(kernelName, 'wasm').kernelFunc({
    inputs: { x: product, ...(preluActivationWeights && { alpha: preluActivationWeights }) },
    attrs: { alpha: attributes.leakyreluAlpha },
    backend: heap.backend,
  });
  heap.backend.disposeData(product.dataId);
  return activated as TensorInfo;
};

function isFused(activation: string): activation is keyof typeof ACTIVATIONS {
  return activation in ACTIVATIONS;
}
