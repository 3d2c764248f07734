import * as tf from '@tensorflow/tfjs';

/** Name of the activation in which each output of a model ends: `'linear'` if none, undefined if it cannot be known. */
export function finalActivations(model: tf.LayersModel): (string | undefined)[] {
  // A sequential model has no output layers before it is built.
  const layers = model instanceof tf.Sequential ? model.layers.slice(-1) : model.outputLayers;
  return layers.map(finalActivation);
}

/** Name of the activation in which a layer ends, in the same way. */
export function finalActivation(layer: tf.layers.Layer): string | undefined {
  if (layer instanceof tf.LayersModel) return finalActivations(layer)[0];
  switch (layer.getClassName()) {
    case 'Softmax':
      return 'softmax';
    case 'ReLU':
      return 'relu';
    case 'Flatten':
    case 'Reshape':
    case 'Dropout':
    case 'Permute':
      return previousActivation(layer);
    case 'TimeDistributed':
      return finalActivation((layer as unknown as { layer: tf.layers.Layer }).layer);
    case 'Dense':
    case 'Activation':
    case 'Conv1D':
    case 'Conv2D':
    case 'Conv2DTranspose':
    case 'Conv3D':
    case 'DepthwiseConv2D':
    case 'SeparableConv2D':
      return activationOption(layer.getConfig().activation);
    default:
      return undefined;
  }
}

/** These layers only move values around, so the activation is that of the layer before. */
function previousActivation(layer: tf.layers.Layer): string | undefined {
  const [node] = layer.inboundNodes;
  const [before, ...others] = node?.inboundLayers ?? [];
  return before && others.length === 0 ? finalActivation(before) : undefined;
}

function activationOption(activation: unknown): string | undefined {
  return typeof activation === 'string' ? activation : undefined;
}
