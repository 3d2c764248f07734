import type { MomentumStepAttributes } from '@gradis/wasm-training';
import { computeElementwise } from './computeElementwise.js';
import type { WebgpuKernel } from './WebgpuKernel.js';

/** a' = μ a + g */
const ACCUMULATION = { key: 'momentumAccumulation', inputs: ['a', 'g'], numbers: ['mu'], value: 'mu * a + g' };

/** w' = decay · w − α a' */
const VALUE = { key: 'momentumValue', inputs: ['w', 'a'], numbers: ['rate', 'decay'], value: 'decay * w - rate * a' };

/** w' = decay · w − α (g + μ a') */
const NESTEROV_VALUE = {
  key: 'nesterovValue',
  inputs: ['w', 'a', 'g'],
  numbers: ['rate', 'mu', 'decay'],
  value: 'decay * w - rate * (g + mu * a)',
};

/**
 * a' = μ a + g,   w' = decay · w − α a',   with Nesterov's look-ahead decay · w − α (g + μ a')
 *
 * @returns w' and a'
 */
export const momentumStep: WebgpuKernel = (webgpu, inputs, attributes) => {
  const { value, gradient, accumulation } = inputs;
  const { learningRate, momentum, useNesterov, decay } = attributes as MomentumStepAttributes;
  const a = computeElementwise(webgpu, ACCUMULATION, [accumulation!, gradient!], [momentum]);
  const w = useNesterov
    ? computeElementwise(webgpu, NESTEROV_VALUE, [value!, a, gradient!], [learningRate, momentum, decay])
    : computeElementwise(webgpu, VALUE, [value!, a], [learningRate, decay]);
  return [w, a];
};
