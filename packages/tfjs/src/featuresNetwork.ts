import * as tf from '@tensorflow/tfjs';
import { finalActivation } from './finalActivation.js';
import { layersNetwork, type Network } from './Network.js';
import type { Tensors } from './tensors.js';

/** Layers that only apply an activation, and may follow the last dense layer. */
const ACTIVATION_LAYERS = ['Activation', 'ReLU', 'Softmax'];

/**
 * The network of a model, which also gives the features that go into the last dense layer, from the same forward pass.
 *
 * @throws if the model does not have one output that comes out of a dense layer with one row of features a sample, or is a
 *   function that does not give features
 */
export function featuresNetwork(model: tf.LayersModel | Network): Network {
  if (!(model instanceof tf.LayersModel)) {
    if (model.forwardWithFeatures) return model;
    throw new Error(
      "the score 'last-layer' needs the features into the last dense layer, which a network given as a function hides; " +
        'give it forwardWithFeatures, or take a tf.LayersModel.',
    );
  }
  const [output] = model.outputs;
  const outputs = [output, lastDenseInput(model)];
  // The same layers with one more output; its own name, so that the user's models are numbered as without it.
  const both = tf.model({ name: `${model.name}_features`, inputs: model.inputs, outputs });
  return {
    ...layersNetwork(model),
    forwardWithFeatures(inputs: Tensors, training: boolean) {
      const [outputs, features] = both.apply(inputs, { training }) as tf.Tensor[];
      return { outputs, features };
    },
  };
}

function lastDenseInput(model: tf.LayersModel): tf.SymbolicTensor {
  const [output, ...others] = model.outputs;
  if (others.length > 0) {
    throw new Error(`the score 'last-layer' needs a model with one output; this one has ${others.length + 1}.`);
  }
  const isActivation = ACTIVATION_LAYERS.includes(output.sourceLayer.getClassName());
  const preActivation = isActivation ? output.inputs[0] : output;
  const layer = preActivation.sourceLayer;
  if (layer.getClassName() !== 'Dense' || (isActivation && finalActivation(layer) !== 'linear')) {
    throw new Error(
      "the score 'last-layer' needs a model that ends in a dense layer, with one activation at most; " +
        `this one ends in ${isActivation ? `${describe(layer)}, then ${describe(output.sourceLayer)}` : describe(layer)}.`,
    );
  }
  const [features] = preActivation.inputs;
  if (features.rank === 2) return features;
  throw new Error(
    `the score 'last-layer' needs one row of features a sample; those into ${describe(layer)} have shape ` +
      `[${features.shape.map((size) => size ?? 'N')}].`,
  );
}

function describe(layer: tf.layers.Layer): string {
  return `${layer.name} (${layer.getClassName()})`;
}
