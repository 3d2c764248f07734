import { BatchNormalization, lstmClassifier, mlp, pointNet, siren, visionTransformer } from '@gradis/models';
import * as tf from '@tensorflow/tfjs';
import { workloads } from './workloads.mjs';

const CLASSES = 10;
const OBJECTS = 40;

const classification = { loss: tf.losses.softmaxCrossEntropy, labels: oneHot, optimizer: 'adam' };
const regression = { loss: tf.losses.meanSquaredError, labels: normal, optimizer: 'adam' };

/** How to make each of the workloads: the model, and how it is trained where that is not the way of the others. */
const recipes = {
  mlp: { ...classification, create: () => mlp({ inputShape: [784], outputs: CLASSES }) },
  lstm: { ...classification, create: () => lstmClassifier({ inputShape: [28, 28], classes: CLASSES }) },
  siren: { ...regression, create: () => siren({ coordinates: 2, outputs: 1 }) },
  vit: {
    ...classification,
    create: () => visionTransformer({ inputShape: [32, 32, 3], classes: CLASSES, width: 192, depth: 2 }),
  },
  resnet: { ...classification, optimizer: 'momentum', create: twoBlocks },
  pointnet: { ...classification, create: () => pointNet({ inputShape: [1024, 3], classes: OBJECTS }) },
};

/**
 * A model with a batch of random samples.
 *
 * @param {keyof typeof workloads} name
 * @returns the model, the name of its optimiser, and the loss of a training step
 */
export function createModel(name) {
  const { create, loss, labels, optimizer } = recipes[name];
  const { batchSize } = workloads[name];
  const model = create();
  const x = tf.randomUniform([batchSize, ...model.inputs[0].shape.slice(1)], -1, 1, 'float32', 1);
  const y = labels([batchSize, model.outputs[0].shape[1]]);
  return { model, optimizer, loss: () => loss(y, model.apply(x, { training: true })) };
}

/** A 3×3 convolution to 32 channels, a residual block that keeps the size, one that halves it with 64 channels, logits. */
function twoBlocks() {
  const convolution = (x, filters, kernelSize, strides) => {
    const layer = tf.layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false });
    return new BatchNormalization({}).apply(layer.apply(x));
  };
  const relu = (x) => tf.layers.reLU().apply(x);
  const block = (x, filters, strides) => {
    const change = convolution(relu(convolution(x, filters, 3, strides)), filters, 3, 1);
    const shortcut = strides === 1 ? x : convolution(x, filters, 1, strides);
    return relu(tf.layers.add().apply([change, shortcut]));
  };
  const images = tf.input({ shape: [32, 32, 3] });
  const features = block(block(relu(convolution(images, 32, 3, 1)), 32, 1), 64, 2);
  const logits = tf.layers.dense({ units: CLASSES }).apply(tf.layers.globalAveragePooling2d({}).apply(features));
  return tf.model({ inputs: images, outputs: logits });
}

function oneHot([samples, classes]) {
  const indices = Array.from({ length: samples }, (_, i) => (7 * i) % classes);
  return tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(indices, 'int32'), classes), 'float32'));
}

function normal(shape) {
  return tf.randomNormal(shape, 0, 1, 'float32', 2);
}
