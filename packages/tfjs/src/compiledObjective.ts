import { outputGradient } from '@gradis/importance';
import * as tf from '@tensorflow/tfjs';
import { closedFormGradient } from './closedFormGradient.js';
import { finalActivations } from './finalActivation.js';
import { lossName } from './lossName.js';
import type { Objective } from './Objective.js';
import { perSample } from './perSample.js';
import { assertScore, type Score, withScore } from './Score.js';
import { type Tensors, toList } from './tensors.js';
import { throughActivation } from './throughActivation.js';

/**
 * The objective of a compiled model: its own losses, sample by sample, and scores at its pre-activations.
 *
 * Where an output ends in an activation f, the gradient at the output is carried through f, `δ = J_f(z)ᵀ ∂ℓ/∂f(z)`,
 * since the gradient at probabilities would rank samples wrongly; swish, mish and activations of one's own are scored at
 * the output. With several outputs, losses are added and the score is the norm of all gradients taken together.
 *
 * @param score default `'output-gradient'`; `'last-layer'` and a function of one's own need a model with one output
 * @returns the objective for a `TfjsLearner`, which calls it with the targets and outputs of each batch
 * @throws if the model is not compiled
 * @example
 * ```ts
 * import { compiledObjective } from '@gradis/tfjs';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })] });
 * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
 * const verdict = compiledObjective(model)(tf.tensor2d([[1]]), model.predict(tf.tensor2d([[3]])));
 * console.log(verdict.losses().dataSync()[0], verdict.scores().dataSync()[0]); // → 4 4
 * ```
 */
export function compiledObjective(model: tf.LayersModel, score: Score = 'output-gradient'): Objective {
  const { lossFunctions } = compiledPart(model);
  if (!lossFunctions) {
    throw new Error('the model is not compiled; call model.compile with an optimizer and a loss first.');
  }
  assertScore(score);
  if (lossFunctions.length > 1 && (typeof score === 'function' || score === 'last-layer')) {
    throw new Error(
      `score is ${typeof score === 'function' ? 'a function' : `'${score}'`}, which can see one output only, and the ` +
        `model has ${lossFunctions.length} outputs; take 'output-gradient' or 'loss'.`,
    );
  }
  const activations = finalActivations(model);
  const closedForms = activations.map((activation, i) => closedFormGradient(lossName(model, i), activation));
  const lossOf = (targets: tf.Tensor, outputs: tf.Tensor, i: number) =>
    meanOfSample(perSample(lossFunctions[i])(targets, outputs), outputs.shape[0] ?? 1);

  return (targetTensors: Tensors, outputTensors: Tensors, features?: tf.Tensor) => {
    const targets = toList(targetTensors);
    const outputs = toList(outputTensors);
    const losses = () => sum(outputs.map((output, i) => lossOf(targets[i], output, i)));
    const gradientOf = (output: tf.Tensor, i: number) => {
      const closedForm = closedForms[i];
      if (closedForm && output.rank === 2) return closedForm(targets[i], output);
      const gradient = outputGradient((y, z) => lossOf(y, z, i), targets[i], output);
      return throughActivation(gradient, output, activations[i]);
    };
    const gradients = () => outputs.map(gradientOf);
    return withScore(score, { targets: targets[0], outputs: outputs[0], features, losses, gradients });
  };
}

/** A sequential model keeps what it was compiled with in the functional model that it wraps. */
function compiledPart(model: tf.LayersModel): tf.LayersModel {
  return model instanceof tf.Sequential ? ((model as unknown as { model?: tf.LayersModel }).model ?? model) : model;
}

/** Losses over any further axes, such as time, averaged to one value a sample. [batch] */
function meanOfSample(losses: tf.Tensor, batch: number): tf.Tensor1D {
  if (losses.rank === 0) {
    throw new Error(
      'the compiled loss gives one value for the whole batch, which cannot be weighted sample by sample; ' +
        'compile with a loss by name, or with a function that does not reduce over the batch.',
    );
  }
  return (losses.rank === 1 ? losses : tf.mean(losses.reshape([batch, -1]), 1)) as tf.Tensor1D;
}

function sum(tensors: tf.Tensor1D[]): tf.Tensor1D {
  return tensors.length === 1 ? tensors[0] : (tf.addN(tensors) as tf.Tensor1D);
}
