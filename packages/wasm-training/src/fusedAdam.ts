import * as tf from '@tensorflow/tfjs';
import { clipByGlobalNorm } from './clipByGlobalNorm.js';
import type { AdamStepAttributes } from './kernels/adamStep.js';
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

/** The state of tf.AdamOptimizer that its type keeps private. */
interface AdamState {
  accBeta1: tf.Variable;
  accBeta2: tf.Variable;
  accumulatedFirstMoment: Slot[];
  accumulatedSecondMoment: Slot[];
}

/** tf.AdamOptimizer that updates each variable by one kernel where the backend has it, and as ever elsewhere. */
class FusedAdamOptimizer extends tf.AdamOptimizer {
  constructor(
    learningRate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    private readonly regularization: RegularizationOptions,
  ) {
    checkLearningRate(learningRate);
    super(learningRate, beta1, beta2, epsilon);
    checkRegularization(regularization);
  }

  override applyGradients(variableGradients: VariableGradients): void {
    tf.tidy(() => {
      const updates = clipByGlobalNorm(gradientsByVariable(variableGradients), this.regularization.clipNorm);
      if (canRun('AdamStep')) {
        this.runKernels(updates);
      } else {
        decay(updates, this.regularization, this.learningRate);
        super.applyGradients(namedGradients(updates));
      }
    });
  }

  private runKernels(updates: VariableUpdate[]): void {
    const { accBeta1, accBeta2, accumulatedFirstMoment, accumulatedSecondMoment } = this as unknown as AdamState;
    const { learningRate, beta1, beta2, epsilon, regularization } = this;
    const power1 = beta1 ** (this.iterations + 1);
    const power2 = beta2 ** (this.iterations + 1);
    const corrections = { correction1: 1 - power1, correction2: 1 - power2 };
    const constants = { learningRate, beta1, beta2, epsilon, ...corrections };
    updates.forEach(({ variable: value, gradient }, i) => {
      const firstMoment = slotOf(accumulatedFirstMoment, i, value, 'm');
      const secondMoment = slotOf(accumulatedSecondMoment, i, value, 'v');
      if (!gradient) return;
      const attributes: AdamStepAttributes = { ...constants, decay: decayOf(regularization, learningRate, value) };
      const [newValue, newFirstMoment, newSecondMoment] = tf
        .engine()
        .runKernel('AdamStep', { value, gradient, firstMoment, secondMoment }, attributes) as tf.Tensor[];
      value.assign(newValue!);
      firstMoment.assign(newFirstMoment!);
      secondMoment.assign(newSecondMoment!);
    });
    // For whoever goes on from this state: tf.train.adam reads these powers, and not the iterations.
    accBeta1.assign(tf.scalar(power1 * beta1));
    accBeta2.assign(tf.scalar(power2 * beta2));
    this.incrementIterations();
  }
}

/**
 * Adam that updates each variable by one kernel, where tf.train.adam runs 14: one pass on the wasm backend, and on native
 * TensorFlow and WebGPU what `useBackend` of @gradis/backends registers. Elsewhere it is tf.train.adam. Same formula, same
 * state, so weights and configuration of one load into the other; with a `weightDecay` it is AdamW, w first times 1 − α λ:
 *
 *     m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²,   w = w − α · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 *
 * Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), Algorithm 1.
 *
 * @param learningRate α > 0
 * @param beta1 decay of the mean of the gradients, in [0, 1)
 * @param beta2 decay of the mean of their squares, in [0, 1)
 * @param epsilon ε > 0
 * @param regularization `weightDecay`, `decays` and `clipNorm`, which are no part of the configuration that is saved
 * @throws RangeError if `learningRate`, `weightDecay` or `clipNorm` is not one of the numbers allowed, or an option has another name
 * @returns the optimiser; fused after `installWasmTraining()`, or on what `useBackend` has started
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { fusedAdam, installWasmTraining } from '@gradis/wasm-training';
 *
 * await installWasmTraining();
 * const weight = tf.variable(tf.scalar(1));
 * fusedAdam(0.1).minimize(() => weight.square() as tf.Scalar);
 * console.log(weight.dataSync()[0]!.toFixed(3)); // → 0.900
 * ```
 */
export function fusedAdam(
  learningRate = 0.001,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-7,
  regularization: RegularizationOptions = {},
): tf.AdamOptimizer {
  return new FusedAdamOptimizer(learningRate, beta1, beta2, epsilon, regularization);
}
