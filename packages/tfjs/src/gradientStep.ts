import { secondsNow } from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import type { TensorBatch } from './DataSource.js';
import { dropTape } from './dropTape.js';
import { forwardPass, type Network } from './Network.js';
import type { Objective } from './Objective.js';
import type { Tensors } from './tensors.js';
import { untracked } from './untracked.js';

/** A value of each sample of a batch. [B] */
export type Metric = (targets: Tensors, outputs: Tensors) => tf.Tensor1D;

/** Computes the gradient factors of a batch from the batch's own scores, on the device. [B] → [B] */
export type TensorWeightRule = (scores: tf.Tensor1D) => tf.Tensor1D;

/** A batch with everything that the step on it depends on. */
export interface GradientBatch extends TensorBatch {
  /** Factors wᵢ, or a rule that computes them; none: all 1. [B] */
  weights?: Float32Array | tf.Tensor1D | TensorWeightRule;
  scored: boolean;
  metrics: readonly Metric[];
}

/** What a step leaves on the device, for the caller to read and dispose. */
export interface GradientStep {
  tensors: { losses: tf.Tensor1D; scores?: tf.Tensor1D; metrics: tf.Tensor1D[]; penalty?: tf.Scalar };
  /** Seconds of the step that went into scores. */
  scoringSeconds: number;
}

/**
 * One step on `(1/B) Σ wᵢ ℓᵢ` plus the penalties: forward, scores, backward, optimiser.
 *
 * TF.js's own weighted reductions divide by Σw or by the count of non-zero weights; that would be another estimator.
 */
export function gradientStep(
  network: Network,
  objective: Objective,
  optimizer: tf.Optimizer,
  { inputs, targets, weights, scored, metrics }: GradientBatch,
): GradientStep {
  const kept: Partial<GradientStep['tensors']> = {};
  let computed: ReturnType<typeof tf.variableGrads> | undefined;
  let scoringSeconds = 0;

  const lossOfBatch = (): tf.Scalar => {
    const { outputs, features } = forwardPass(network, inputs, true);
    const verdict = objective(targets, outputs, features);
    const losses = tf.keep(verdict.losses());
    kept.losses = losses;
    if (scored || typeof weights === 'function') {
      const start = secondsNow();
      kept.scores = tf.keep(verdict.scores());
      scoringSeconds = secondsNow() - start;
    }
    kept.metrics = metrics.map((metric) => tf.keep(metric(targets, outputs)));
    const factors = factorsOf(weights, losses.size, kept.scores);
    const mean = tf.mean(factors ? tf.mul(losses, factors) : losses) as tf.Scalar;
    const penalty = network.regularization?.();
    if (!penalty) return mean;
    kept.penalty = tf.keep(penalty);
    return tf.add(mean, penalty);
  };

  try {
    computed = tf.variableGrads(lossOfBatch, network.variables);
    optimizer.applyGradients(computed.grads);
    return { tensors: kept as GradientStep['tensors'], scoringSeconds };
  } catch (error) {
    dropTape();
    tf.dispose([kept, inputs, targets] as tf.TensorContainer);
    throw error;
  } finally {
    if (computed) tf.dispose([computed.value, computed.grads as tf.NamedTensorMap]);
  }
}

/** The weights as a tensor, which counts as a constant in the gradient. [B] */
function factorsOf(
  weights: GradientBatch['weights'],
  size: number,
  scores: tf.Tensor1D | undefined,
): tf.Tensor1D | undefined {
  const given = typeof weights === 'function' ? untracked(() => weights(scores as tf.Tensor1D)) : weights;
  const length = given instanceof Float32Array ? given.length : given?.size;
  if (length !== undefined && length !== size) {
    throw new RangeError(`weights has ${length} values for a batch of ${size}; it must have one for each sample.`);
  }
  return given instanceof Float32Array ? tf.tensor1d(given) : given;
}
