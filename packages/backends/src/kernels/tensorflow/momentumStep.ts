import type { MomentumStepAttributes } from '@gradis/wasm-training';
import { heldScalars } from './heldScalars.js';
import type { TensorId } from './NativeBackend.js';
import type { NativeKernel } from './NativeKernel.js';
import { Ops } from './Ops.js';
import { updateInPlace } from './updateInPlace.js';
import { withDecay } from './withDecay.js';

/**
 * a' = μ a + g,   w' = decay · w − α a',   with Nesterov's look-ahead decay · w − α (g + μ a')
 *
 * @returns w' and a'
 */
export const momentumStep: NativeKernel = (backend, inputs, attributes) => {
  const { value, gradient, accumulation } = inputs;
  const { learningRate, momentum, useNesterov, decay } = attributes as MomentumStepAttributes;
  const ops = new Ops(backend);
  const [rate, share] = heldScalars(backend, 'ResourceApplyMomentum', [learningRate, momentum]) as [TensorId, TensorId];
  const flags = [ops.type('T'), ops.flag('use_locking', false), ops.flag('use_nesterov', useNesterov)];
  return withDecay(backend, value!, decay, (decayed) => {
    const inputs = [rate, ops.id(gradient!), share];
    return updateInPlace(backend, 'ResourceApplyMomentum', flags, [decayed, accumulation!], inputs);
  });
};
