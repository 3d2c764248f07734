import { outputGradient, rowNorm } from '@gradis/importance';
import * as tf from '@tensorflow/tfjs';
import { closedFormGradient } from './closedFormGradient.js';
import { finalActivations } from './finalActivation.js';
import { lossName } from './lossName.js';
import { assertScore, type Objective, type Score } from './Objective.js';
import { perSample } from './perSample.js';
import { type Tensors, toList } from './tensors.js';
import { throughActivation } from './throughActivation.js';

/**
 * The objective of a compiled model: its own losses, sample by sample, and scores at its pre-activations.
 *
 * Where an output ends in an activation f, the gradient at the output is carried through f, `δ = J_f(z)ᵀ ∂ℓ/∂f(z)`,
 * since the gradient at probabilities would rank samples wrongly; swish, mish and activations of one's own are scored at
 * the output. With several outputs, losses are added and the score is the norm of all gradients taken together.
 *
 * @param score default `'output-gradient'`; a function of one's own needs a model with one output
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
  if (typeof score === 'function' && lossFunctions.length > 1) {
    throw new Error(`score is a function, and the model has ${lossFunctions.length} outputs; it can see only one.`);
  }
  const activations = finalActivations(model);
  const closedForms = activations.map((activation, i) => closedFormGradient(lossName(model, i), activation));
  const lossOf = (targets: tf.Tensor, outputs: tf.Tensor, i: number) =>
    meanOfSample(perSample(lossFunctions[i])(targets, outputs), outputs.shape[0] ?? 1);

  return (targetTensors: Tensors, outputTensors: Tensors) => {
    const targets = toList(targetTensors);
    const outputs = toList(outputTensors);
    const losses = () => sum(outputs.map((output, i) => lossOf(targets[i], output, i)));
    const gradientNorm = (output: tf.Tensor, i: number) => {
      const closedForm = closedForms[i];
      if (closedForm && output.rank === 2) return rowNorm(closedForm(targets[i], output));
      const gradient = outputGradient((y, z) => lossOf(y, z, i), targets[i], output);
      return rowNorm(throughActivation(gradient, output, activations[i]));
    };
    const scores = () =>
      outputs.length === 1
        ? gradientNorm(outputs[0], 0)
        : (tf.sqrt(sum(outputs.map((output, i) => tf.square(gradientNorm(output, i))))) as tf.Tensor1D);

    if (score === 'output-gradient') return { losses, scores };
    return { losses, scores: score === 'loss' ? losses : () => score(targets[0], outputs[0], losses) };
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
