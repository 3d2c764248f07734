import { outputGradient, rowNorm } from '@gradis/importance';
import * as tf from '@tensorflow/tfjs';
import { closedFormGradient } from './closedFormGradient.js';
import { finalActivations } from './finalActivation.js';
import { lossName } from './lossName.js';
import type { Objective, Score } from './Objective.js';
import { type Tensors, toList } from './tensors.js';

/**
 * The objective of a compiled model: its own losses, sample by sample, and scores at its pre-activations.
 *
 * Where an output ends in an activation f, the gradient at the output is carried through f, `δ = J_f(z)ᵀ ∂ℓ/∂f(z)`,
 * since the gradient at probabilities would rank samples wrongly. With several outputs, losses are added and the score
 * is the norm of all gradients taken together.
 *
 * @throws if the model is not compiled
 */
export function compiledObjective(model: tf.LayersModel, score: Score = 'output-gradient'): Objective {
  const { lossFunctions } = compiledPart(model);
  if (!lossFunctions) {
    throw new Error('the model is not compiled; call model.compile with an optimizer and a loss first.');
  }
  const activations = finalActivations(model);
  const closedForms = activations.map((activation, i) => closedFormGradient(lossName(model, i), activation));
  const lossOf = (targets: tf.Tensor, outputs: tf.Tensor, i: number) =>
    meanOfSample(lossFunctions[i](targets, outputs), outputs.shape[0] ?? 1);

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

/** Gradient at the pre-activation, from the gradient at the output f(z). */
function throughActivation(gradient: tf.Tensor, output: tf.Tensor, activation: string | undefined): tf.Tensor {
  switch (activation) {
    case 'softmax':
      return tf.mul(output, tf.sub(gradient, tf.sum(tf.mul(gradient, output), -1, true)));
    case 'sigmoid':
      return tf.mul(gradient, tf.mul(output, tf.sub(1, output)));
    case 'tanh':
      return tf.mul(gradient, tf.sub(1, tf.square(output)));
    case 'relu':
      return tf.mul(gradient, tf.step(output));
    default:
      return gradient;
  }
}

/** Losses over any further axes, such as time, averaged to one value a sample. [batch] */
function meanOfSample(losses: tf.Tensor, batch: number): tf.Tensor1D {
  return (losses.rank === 1 ? losses : tf.mean(losses.reshape([batch, -1]), 1)) as tf.Tensor1D;
}

function sum(tensors: tf.Tensor1D[]): tf.Tensor1D {
  return tensors.length === 1 ? tensors[0] : (tf.addN(tensors) as tf.Tensor1D);
}
