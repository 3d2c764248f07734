import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { checkSameFloats } from './checkSameFloats.js';

/** Attributes of the kernel `AdamStep`; the corrections cᵢ are 1 − βᵢᵗ, `decay` is what weights are multiplied by. */
export type AdamStepAttributes = {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  correction1: number;
  correction2: number;
  decay: number;
};

/**
 * m' = β₁ m + (1 − β₁) g,   v' = β₂ v + (1 − β₂) g²,   w' = decay · w − α · (m' / c₁) / (√(v' / c₂) + ε)
 * @returns w', m' and v'
 */
export const adamStep: Kernel = (heap, inputs, attributes) => {
  const { value, gradient, firstMoment, secondMoment } = inputs;
  const { learningRate, beta1, beta2, epsilon, correction1, correction2, decay } = attributes as AdamStepAttributes;
  const { shape } = value!;
  checkSameFloats('AdamStep', [value!, gradient!, firstMoment!, secondMoment!]);
  const results = [heap.allocate(shape), heap.allocate(shape), heap.allocate(shape)];
  heap.module.adam(
    heap.address(value!),
    heap.address(gradient!),
    heap.address(firstMoment!),
    heap.address(secondMoment!),
    ...(results.map((tensor) => heap.address(tensor)) as [number, number, number]),
    util.sizeFromShape(shape),
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    learningRate / correction1,
    1 / correction2,
    epsilon,
    decay,
  );
  return results;
};
