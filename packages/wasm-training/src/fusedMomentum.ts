import * as tf from '@tensorflow/tfjs';
import { clipByGlobalNorm } from './clipByGlobalNorm.js';
import type { MomentumStepAttributes } from './kernels/momentumStep.js';
import {
  canRun,
  gradientsByVariable,
  namedGradients,
  type Slot,
  slotOf,
  type VariableGradients,
  type VariableUpdate,
} from './optimizerSlots.js';
import {
  checkLearningRate,
  checkRegularization,
  decay,
  decayOf,
  type RegularizationOptions,
} from './RegularizationOptions.js';

/** The state of tf.MomentumOptimizer that its type keeps private. */
interface MomentumState {
  momentum: number;
  useNesterov: boolean;
  accumulations: Slot[];
}

/** tf.MomentumOptimizer that updates each variable by one kernel where the backend has it, and as ever elsewhere. */
class FusedMomentumOptimizer extends tf.MomentumOptimizer {
  constructor(
    learningRate: number,
    momentum: number,
    useNesterov: boolean,
    private readonly regularization: RegularizationOptions,
  ) {
    checkLearningRate(learningRate);
    super(learningRate, momentum, useNesterov);
    checkRegularization(regularization);
  }

  override applyGradients(variableGradients: VariableGradients): void {
    tf.tidy(() => {
      const updates = clipByGlobalNorm(gradientsByVariable(variableGradients), this.regularization.clipNorm);
      if (canRun('MomentumStep')) {
        this.runKernels(updates);
      } else {
        decay(updates, this.regularization, this.learningRate);
        super.applyGradients(namedGradients(updates));
      }
    });
  }

  private runKernels(updates: VariableUpdate[]): void {
    const { momentum, useNesterov, accumulations } = this as unknown as MomentumState;
    const { learningRate, regularization } = this;
    updates.forEach(({ variable: value, gradient }, i) => {
      const accumulation = slotOf(accumulations, i, value, 'momentum');
      if (!gradient) return;
      const constants = { learningRate, momentum, useNesterov };
      const attributes: MomentumStepAttributes = { ...constants, decay: decayOf(regularization, learningRate, value) };
      const [newValue, newAccumulation] = tf
        .engine()
        .runKernel('MomentumStep', { value, gradient, accumulation }, attributes) as tf.Tensor[];
      value.assign(newValue!);
      accumulation.assign(newAccumulation!);
    });
    this.incrementIterations();
  }
}

/**
 * SGD with momentum that updates each variable by one kernel, where tf.train.momentum runs 4: one pass on the wasm backend,
 * and on native TensorFlow and WebGPU what `useBackend` of @gradis/backends registers. Elsewhere it is tf.train.momentum.
 * Same formula, same state, so weights and configuration of one load into the other; with a `weightDecay` λ it is SGDW, w first
 * times 1 − α λ:
 *
 *     a = μ a + g,   w = w − α a,   with Nesterov's look-ahead w = w − α (g + μ a)
 *
 * @param learningRate α > 0
 * @param momentum μ in [0, 1)
 * @param useNesterov look ahead along the accumulated direction
 * @param regularization `weightDecay`, `decays` and `clipNorm`, which are no part of the configuration that is saved
 * @throws RangeError if `learningRate`, `weightDecay` or `clipNorm` is not one of the numbers allowed, or an option has another name
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
export function fusedMomentum(
  learningRate: number,
  momentum: number,
  useNesterov = false,
  regularization: RegularizationOptions = {},
): tf.MomentumOptimizer {
  return new FusedMomentumOptimizer(learningRate, momentum, useNesterov, regularization);
}
