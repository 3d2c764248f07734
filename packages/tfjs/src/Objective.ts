import { outputGradient, type PerSampleLoss } from '@gradis/importance';
import type * as tf from '@tensorflow/tfjs';
import { assertScore, type Score, withScore } from './Score.js';
import { sigmoidCrossEntropy } from './sigmoidCrossEntropy.js';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.js';
import { squaredError } from './squaredError.js';
import { type Tensors, theOnly } from './tensors.js';
import { throughActivation } from './throughActivation.js';

/** What an objective says of a batch; each value is computed when it is asked for. */
export interface Verdict {
  /** Unweighted loss of each sample, differentiable in the outputs. [B] */
  losses(): tf.Tensor1D;
  /** Importance score of each sample, ≥ 0. [B] */
  scores(): tf.Tensor1D;
}

/**
 * Judges the outputs of a network: per-sample losses, and per-sample scores from the same outputs.
 *
 * `features`, which go into the last dense layer, are there where the score is `'last-layer'`. [B, F]
 */
export type Objective = (targets: Tensors, outputs: Tensors, features?: tf.Tensor) => Verdict;

/** What a loss says of the outputs of a batch; each value is computed when it is asked for. */
export interface DifferentiatedLoss {
  /** Loss of each sample, differentiable in the outputs. [B] */
  losses(): tf.Tensor1D;
  /** Gradient of each sample's loss with respect to its outputs. [B, …] */
  gradient(): tf.Tensor;
}

/** Losses with a closed form for their output gradient, by name. */
export const namedLosses = { softmaxCrossEntropy, sigmoidCrossEntropy, squaredError } as const;

/** Names of the losses that need no automatic differentiation for their scores. */
export type LossName = keyof typeof namedLosses;

/**
 * The objective of a network with one output.
 *
 * @param loss a name, or any per-sample loss, whose output gradient is then found by automatic differentiation
 * @param score default `'output-gradient'`
 * @param activation in which the network ends; the gradient of the loss is carried through it to the pre-activation
 * @throws if there is no loss of that name
 * @example
 * ```ts
 * import { createObjective } from '@gradis/tfjs';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const objective = createObjective('squaredError', 'loss');
 * console.log(objective(tf.tensor2d([[0]]), tf.tensor2d([[3]])).scores().dataSync()[0]); // → 9
 * ```
 */
export function createObjective(
  loss: LossName | PerSampleLoss,
  score: Score = 'output-gradient',
  activation?: string,
): Objective {
  assertScore(score);
  const differentiate = typeof loss === 'string' ? lossByName(loss) : byAutomaticDifferentiation(loss);
  return (targetTensors, outputTensors, features) => {
    const targets = theOnly(targetTensors, 'targets');
    const outputs = theOnly(outputTensors, 'outputs');
    const { losses, gradient } = differentiate(targets, outputs);
    const gradients = () => [throughActivation(gradient(), outputs, activation)];
    return withScore(score, { targets, outputs, features, losses, gradients });
  };
}

function lossByName(name: LossName): (targets: tf.Tensor, outputs: tf.Tensor) => DifferentiatedLoss {
  if (Object.hasOwn(namedLosses, name)) return namedLosses[name];
  throw new Error(
    `there is no loss "${name}"; choose one of ${Object.keys(namedLosses).join(', ')} or give a function.`,
  );
}

function byAutomaticDifferentiation(
  loss: PerSampleLoss,
): (targets: tf.Tensor, outputs: tf.Tensor) => DifferentiatedLoss {
  return (targets, outputs) => ({
    losses: () => loss(targets, outputs),
    gradient: () => outputGradient(loss, targets, outputs),
  });
}
