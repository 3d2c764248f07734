import * as tf from '@tensorflow/tfjs';
import type { MomentumStepAttributes } from './kernels/momentumStep.js';
import { canRun, gradientsByVariable, type Slot, slotOf, type VariableGradients } from './optimizerSlots.js';

/** The state of tf.MomentumOptimizer that its type keeps private. */
interface MomentumState {
  momentum: number;
  useNesterov: boolean;
  accumulations: Slot[];
}

/** tf.MomentumOptimizer that updates each variable by one kernel where the backend has it, and as ever elsewhere. */
class FusedMomentumOptimizer extends tf.MomentumOptimizer {
  override applyGradients(variableGradients: VariableGradients): void {
    if (!canRun('MomentumStep')) {
      super.applyGradients(variableGradients);
      return;
    }
    const { momentum, useNesterov, accumulations } = this as unknown as MomentumState;
    const attributes: MomentumStepAttributes = { learningRate: this.learningRate, momentum, useNesterov };
    tf.tidy(() => {
      gradientsByVariable(variableGradients).forEach(({ variable: value, gradient }, i) => {
        const accumulation = slotOf(accumulations, i, value, 'momentum');
        if (!gradient) return;
        const [newValue, newAccumulation] = tf
          .engine()
          .runKernel('MomentumStep', { value, gradient, accumulation }, attributes) as tf.Tensor[];
        value.assign(newValue!);
        accumulation.assign(newAccumulation!);
      });
    });
    this.incrementIterations();
  }
}

/**
 * SGD with momentum that updates each variable by one kernel, where tf.train.momentum runs 4: one pass on the wasm backend,
 * and on native TensorFlow and WebGPU what `useBackend` of @gradis/backends registers. Elsewhere it is tf.train.momentum.
 * Same formula, same state, so weights and configuration of one load into the other:
 *
 *     a = μ a + g,   w = w − α a,   with Nesterov's look-ahead w = w − α (g + μ a)
 *
 * @param learningRate α > 0
 * @param momentum μ in [0, 1)
 * @param useNesterov look ahead along the accumulated direction
 * @returns the optimiser; fused after `installWasmTraining()`, or on what `useBackend` has started
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { fusedMomentum, installWasmTraining } from '@gradis/wasm-training';
 *
 * await installWasmTraining();
 * const weight = tf.variable(tf.scalar(1));
 * fusedMomentum(0.1, 0.9).minimize(() => weight.square() as tf.Scalar);
 * console.log(weight.dataSync()[0]!.toFixed(3)); // → 0.800
 * ```
 */
export function fusedMomentum(learningRate: number, momentum: number, useNesterov = false): tf.MomentumOptimizer {
  return new FusedMomentumOptimizer(learningRate, momentum, useNesterov);
}
