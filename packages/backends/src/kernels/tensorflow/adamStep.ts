import type { AdamStepAttributes } from '@gradis/wasm-training';
import { heldScalars } from './heldScalars.js';
import type { NativeKernel } from './NativeKernel.js';
import { Ops } from './Ops.js';
import { updateInPlace } from './updateInPlace.js';
import { withDecay } from './withDecay.js';

/**
 * m' = β₁ m + (1 − β₁) g,   v' = β₂ v + (1 − β₂) g²,   w' = decay · w − α · (m' / c₁) / (√(v' / c₂) + ε)
 *
 * TensorFlow's op has ε outside of the correction c₂, so it gets the learning rate α √c₂ / c₁, ε √c₂ and no powers of β.
 *
 * @returns w', m' and v'
 */
export const adamStep: NativeKernel = (backend, inputs, attributes) => {
  const { value, gradient, firstMoment, secondMoment } = inputs;
  const { learningRate, beta1, beta2, epsilon, correction1, correction2, decay } = attributes as AdamStepAttributes;
  const ops = new Ops(backend);
  const root = Math.sqrt(correction2);
  const rate = (learningRate * root) / correction1;
  const scalars = heldScalars(backend, 'ResourceApplyAdam', [0, 0, rate, beta1, beta2, epsilon * root]);
  const flags = [ops.type('T'), ops.flag('use_locking', false), ops.flag('use_nesterov', false)];
  return withDecay(backend, value!, decay, (decayed) => {
    const tensors = [decayed, firstMoment!, secondMoment!];
    return updateInPlace(backend, 'ResourceApplyAdam', flags, tensors, [...scalars, ops.id(gradient!)]);
  });
};
