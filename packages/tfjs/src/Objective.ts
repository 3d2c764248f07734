import { outputGradient, type PerSampleLoss, rowNorm } from '@gradis/importance';
import type * as tf from '@tensorflow/tfjs';
import { sigmoidCrossEntropyObjective } from './sigmoidCrossEntropy.js';
import { softmaxCrossEntropyObjective } from './softmaxCrossEntropy.js';
import { squaredErrorObjective } from './squaredError.js';
import { type Tensors, theOnly } from './tensors.js';
import { throughActivation } from './throughActivation.js';

/** What an objective says of a batch; each value is computed when it is asked for. */
export interface Verdict {
  /** Unweighted loss of each sample, differentiable in the outputs. [B] */
  losses(): tf.Tensor1D;
  /** Importance score of each sample, ≥ 0. [B] */
  scores(): tf.Tensor1D;
}

/** Judges the outputs of a network: per-sample losses, and per-sample scores from the same outputs. */
export type Objective = (targets: Tensors, outputs: Tensors) => Verdict;

/** Score of each sample from its targets, outputs and loss. [B] */
export type ScoreFunction = (targets: tf.Tensor, outputs: tf.Tensor, losses: () => tf.Tensor1D) => tf.Tensor1D;

/** Which score to take. `output-gradient` is the papers' and the default; `loss` needs a loss that is never negative. */
export type Score = 'output-gradient' | 'loss' | ScoreFunction;

/** Throws unless `score` is a function or one of the names. */
export function assertScore(score: Score): void {
  if (typeof score === 'function' || score === 'output-gradient' || score === 'loss') return;
  throw new Error(`score is ${String(score)}; it must be 'output-gradient', 'loss' or a function.`);
}

/** Losses with a closed form for their output gradient, by name. */
export const namedObjectives = {
  softmaxCrossEntropy: softmaxCrossEntropyObjective,
  sigmoidCrossEntropy: sigmoidCrossEntropyObjective,
  squaredError: squaredErrorObjective,
} as const;

/** Names of the losses that need no automatic differentiation for their scores. */
export type LossName = keyof typeof namedObjectives;

/**
 * The objective of a network with one output.
 *
 * @param loss a name, or any per-sample loss, whose output gradient is then found by automatic differentiation
 * @param score default `'output-gradient'`
 * @param activation in which the network ends; the gradient of a loss given as a function is carried through it
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
  const judge = typeof loss === 'string' ? objectiveByName(loss) : autogradObjective(loss, activation);
  return (targetTensors, outputTensors) => {
    const targets = theOnly(targetTensors, 'targets');
    const outputs = theOnly(outputTensors, 'outputs');
    const { losses, scores } = judge(targets, outputs);
    if (score === 'output-gradient') return { losses, scores };
    return { losses, scores: score === 'loss' ? losses : () => score(targets, outputs, losses) };
  };
}

function objectiveByName(name: LossName): (targets: tf.Tensor, outputs: tf.Tensor) => Verdict {
  if (Object.hasOwn(namedObjectives, name)) return namedObjectives[name];
  throw new Error(
    `there is no loss "${name}"; choose one of ${Object.keys(namedObjectives).join(', ')} or give a function.`,
  );
}

function autogradObjective(
  loss: PerSampleLoss,
  activation: string | undefined,
): (targets: tf.Tensor, outputs: tf.Tensor) => Verdict {
  return (targets, outputs) => ({
    losses: () => loss(targets, outputs),
    scores: () => rowNorm(throughActivation(outputGradient(loss, targets, outputs), outputs, activation)),
  });
}
