import type { SamplerState } from '@gradis/samplers';
import type * as tf from '@tensorflow/tfjs';
import type { TensorWeightRule } from '../gradientStep.js';

/** One drawn batch, in tensors; whoever drew it disposes it. */
export interface DeviceDraw {
  /** Sample indices, each in [0, N); a sample may occur more than once. int32, [B] */
  indices: tf.Tensor1D;
  /**
   * Factors wᵢ of `(1/B) Σ wᵢ ∇ℓᵢ`, or a rule that computes them from the scores of the batch. Absent where all are 1.
   * [B]
   */
  weights?: tf.Tensor1D | TensorWeightRule;
  /** 1/(N·p) of each sample, p the chance of its draw. Absent where every sample was as likely as any other. [B] */
  importanceWeights?: tf.Tensor1D;
}

/**
 * A sampler whose scores, probabilities and draws are tensors: neither a draw nor an observation reads from the device.
 *
 * Random numbers come from a seeded generator on the host, a few hundred bytes a batch.
 */
export interface DeviceSampler {
  /** Number of samples N in the data set. */
  readonly size: number;
  /** Whether it learns from scores; one that does not needs none computed. */
  readonly learns: boolean;
  /**
   * Draws a batch. The last batch of a shuffled epoch may be shorter than `batchSize`.
   *
   * @param batchSize number B of samples, an integer ≥ 1
   */
  draw(batchSize: number): DeviceDraw;
  /**
   * Learns the scores of samples after a training step.
   *
   * @param indices samples of any earlier draw: best the tensor itself, by which the first epoch is kept. int32, [B]
   * @param scores their scores, ≥ 0. They are not looked at on the host: one that is negative or not finite counts as 0, and
   *   one above 10³⁰/N as that. [B]
   */
  observe(indices: tf.Tensor1D, scores: tf.Tensor1D): void;
  /** Probabilities from which the next draw would be made; for plots and tests. The caller disposes them. [N] */
  probabilities(): tf.Tensor1D;
  /** Reads everything that is needed to continue: the state of the sampler of `@gradis/samplers` with the same scores. */
  getState(): Promise<SamplerState>;
  /** Frees its tensors. It cannot be used any more. */
  dispose(): void;
}
