import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { checkSameFloats } from './checkSameFloats.js';

/** Attributes of the kernel `MomentumStep`; `decay` is what weights are multiplied by. */
export type MomentumStepAttributes = { learningRate: number; momentum: number; useNesterov: boolean; decay: number };

/**
 * a' = μ a + g,   w' = decay · w − α a', or decay · w − α (g + μ a') with Nesterov's look-ahead
 * @returns w' and a'
 */
export const momentumStep: Kernel = (heap, inputs, attributes) => {
  const { value, gradient, accumulation } = inputs;
  const { learningRate, momentum, useNesterov, decay } = attributes as MomentumStepAttributes;
  const { shape } = value!;
  checkSameFloats('MomentumStep', [value!, gradient!, accumulation!]);
  const newValue = heap.allocate(shape);
  const newAccumulation = heap.allocate(shape);
  heap.module.momentum(
    heap.address(value!),
    heap.address(gradient!),
    heap.address(accumulation!),
    heap.address(newValue),
    heap.address(newAccumulation),
    util.sizeFromShape(shape),
    learningRate,
    momentum,
    useNesterov,
    decay,
  );
  return [newValue, newAccumulation];
};
