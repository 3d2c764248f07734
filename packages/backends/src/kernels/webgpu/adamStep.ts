import type { AdamStepAttributes } from '@gradis/wasm-training';
import { computeElementwise } from './computeElementwise.js';
import type { WebgpuKernel } from './WebgpuKernel.js';

/** m' = β m + (1 − β) g; 1 − β is rounded only once if it comes from JavaScript. */
const FIRST_MOMENT = {
  key: 'adamFirstMoment',
  inputs: ['m', 'g'],
  numbers: ['beta', 'rest'],
  value: 'beta * m + rest * g',
};

/** v' = β v + (1 − β) g² */
const SECOND_MOMENT = {
  key: 'adamSecondMoment',
  inputs: ['v', 'g'],
  numbers: ['beta', 'rest'],
  value: 'beta * v + rest * g * g',
};

/** w' = decay · w − α m' / (√(v' / c₂) + ε) */
const VALUE = {
  key: 'adamValue',
  inputs: ['w', 'm', 'v'],
  numbers: ['rate', 'factor', 'epsilon', 'decay'],
  value: 'decay * w - rate * m / (sqrt(factor * v) + epsilon)',
};

/**
 * m' = β₁ m + (1 − β₁) g,   v' = β₂ v + (1 − β₂) g²,   w' = decay · w − α · (m' / c₁) / (√(v' / c₂) + ε)
 *
 * A program of this backend has one output, so these are three.
 *
 * @returns w', m' and v'
 */
export const adamStep: WebgpuKernel = (webgpu, inputs, attributes) => {
  const { value, gradient, firstMoment, secondMoment } = inputs;
  const { learningRate, beta1, beta2, epsilon, correction1, correction2, decay } = attributes as AdamStepAttributes;
  const m = computeElementwise(webgpu, FIRST_MOMENT, [firstMoment!, gradient!], [beta1, 1 - beta1]);
  const v = computeElementwise(webgpu, SECOND_MOMENT, [secondMoment!, gradient!], [beta2, 1 - beta2]);
  const numbers = [learningRate / correction1, 1 / correction2, epsilon, decay];
  const w = computeElementwise(webgpu, VALUE, [value!, m, v], numbers);
  return [w, m, v];
};
