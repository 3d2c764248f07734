import { lastLayerScore, rowNorm } from '@gradis/importance';
import * as tf from '@tensorflow/tfjs';
import type { Verdict } from './Objective.js';

/** Score of each sample from its targets, outputs and loss. [B] */
export type ScoreFunction = (targets: tf.Tensor, outputs: tf.Tensor, losses: () => tf.Tensor1D) => tf.Tensor1D;

/**
 * Which score to take of a sample with the gradient δ at its last pre-activation.
 *
 * - `'output-gradient'`: ‖δ‖, the papers' and the default
 * - `'last-layer'`: ‖δ‖·√(‖h‖² + 1), the gradient norm of kernel and bias of the last dense layer, with features h going in
 * - `'loss'`: the loss, which must never be negative
 */
export type Score = 'output-gradient' | 'last-layer' | 'loss' | ScoreFunction;

/** Throws unless `score` is a function or one of the names. */
export function assertScore(score: Score): void {
  if (typeof score === 'function' || ['output-gradient', 'last-layer', 'loss'].includes(score)) return;
  throw new Error(`score is ${String(score)}; it must be 'output-gradient', 'last-layer', 'loss' or a function.`);
}

/** A batch as a score sees it. */
export interface ScoredBatch {
  targets: tf.Tensor;
  outputs: tf.Tensor;
  features?: tf.Tensor;
  losses(): tf.Tensor1D;
  /** δ for each output of the model. [B, …] */
  gradients(): tf.Tensor[];
}

/** The losses of the batch with these scores. */
export function withScore(score: Score, { targets, outputs, features, losses, gradients }: ScoredBatch): Verdict {
  switch (score) {
    case 'output-gradient':
      return { losses, scores: () => normTogether(gradients()) };
    case 'last-layer':
      return { losses, scores: () => lastLayerScore(gradients()[0], given(features)) };
    case 'loss':
      return { losses, scores: losses };
    default:
      return { losses, scores: () => score(targets, outputs, losses) };
  }
}

function normTogether(gradients: tf.Tensor[]): tf.Tensor1D {
  const norms = gradients.map((gradient) => rowNorm(gradient));
  return norms.length === 1 ? norms[0] : (tf.sqrt(tf.addN(norms.map((norm) => tf.square(norm)))) as tf.Tensor1D);
}

function given(features: tf.Tensor | undefined): tf.Tensor {
  if (features) return features;
  throw new Error("there are no features for the score 'last-layer'; give the objective those of the batch.");
}
