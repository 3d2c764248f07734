import * as tf from '@tensorflow/tfjs';
import { finalActivations } from './finalActivation.js';
import type { Tensors } from './tensors.js';

/** What a forward pass gives of a batch. */
export interface ForwardPass {
  outputs: Tensors;
  /** What goes into the last dense layer. [B, F] */
  features?: tf.Tensor;
}

/** A network as a plain function and the variables that it reads. */
export interface Network {
  /** Outputs of a batch; `training` switches dropout and batch statistics on. */
  forward(inputs: Tensors, training: boolean): Tensors;
  /** The outputs and, from the same pass, the features into the last dense layer. Needed by the score `'last-layer'` only. */
  forwardWithFeatures?(inputs: Tensors, training: boolean): Required<ForwardPass>;
  /** Variables to train. */
  variables: tf.Variable[];
  /** Variables that are not trained but belong to the state, such as the moving averages of batch normalisation. */
  buffers?: tf.Variable[];
  /** Penalties added to the loss as they are: sample weights do not apply to them. */
  regularization?(): tf.Scalar | undefined;
}

/** A tf.LayersModel (a `tf.sequential` or `tf.model`, compiled or not) as a {@link Network}. */
export function layersNetwork(model: tf.LayersModel): Network {
  const variablesOf = (weights: { read(): tf.Tensor }[]) => weights.map((weight) => weight.read() as tf.Variable);
  return {
    forward: (inputs, training) => model.apply(inputs, { training }) as Tensors,
    variables: variablesOf(model.trainableWeights),
    buffers: variablesOf(model.nonTrainableWeights),
    regularization() {
      const penalties = model.calculateLosses();
      return penalties.length > 0 ? tf.addN(penalties) : undefined;
    },
  };
}

/** One forward pass, with features if the network gives them. */
export function forwardPass(network: Network, inputs: Tensors, training: boolean): ForwardPass {
  return network.forwardWithFeatures?.(inputs, training) ?? { outputs: network.forward(inputs, training) };
}

/**
 * Throws if the model ends in a softmax or sigmoid layer: losses and scores of `@gradis/tfjs` are those of logits, and
 * applied to probabilities they would train and rank wrongly.
 */
export function assertLogits(model: tf.LayersModel): void {
  for (const [i, activation] of finalActivations(model).entries()) {
    if (activation === 'softmax' || activation === 'sigmoid') {
      throw new Error(
        `output ${i} of the model ends in ${activation}, so its values are probabilities and not logits; ` +
          'leave that activation out, or use fitWithImportance, which takes the model as it is.',
      );
    }
  }
}
