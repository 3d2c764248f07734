import * as tf from '@tensorflow/tfjs';
import { requireImageShape, requirePositiveInteger, requireSeed } from './checks.js';
import { layerSettings } from './initializers.js';
import { BatchNormalization } from './layers/BatchNormalization.js';

/** Options of {@link resnet18}. */
export interface ResNet18Options {
  /** Height, width and channels of one image: `[32, 32, 3]`. */
  inputShape: readonly [number, number, number];
  /** Number of classes. */
  classes: number;
  /** Channels of the first stage; each of the three stages after it has twice as many. */
  width?: number;
  /** Seed of the initialisation, an integer in [0, 2³² − 1]: same seed, same weights, bit for bit. */
  seed?: number;
}

/** Stages after the stem: their first convolution has this stride, and each has two blocks. */
const STRIDES = [1, 2, 2, 2];
const BLOCKS = 2;

/**
 * ResNet-18 for small images, with batch normalisation, that ends in logits, uncompiled.
 *
 * A 3×3 convolution in place of the large stem of ImageNet, four stages of two residual blocks y = relu(x + f(x)) with two
 * 3×3 convolutions in f, the mean over the image, and the logits. Where a block changes the size, x passes a 1×1
 * convolution. 11,173,962 trained parameters for three channels and 10 classes, and 9,600 moving averages. Kernels are
 * initialised like those of {@link smallCnn}; strided convolutions pad below and to the right, as TensorFlow does.
 *
 * @param options Input shape, number of classes, `width` (64) and `seed` (0).
 * @returns A `tf.LayersModel` from [batch, height, width, channels] to logits [batch, classes]. Free it with `dispose()`.
 * @throws RangeError if a size is not an integer ≥ 1, or the seed is not among those allowed.
 *
 * He et al., Deep Residual Learning for Image Recognition, 2016, section 3.3 and table 1; stem as in section 4.2.
 *
 * @example
 * ```ts
 * import { resnet18 } from '@gradis/models';
 *
 * const model = resnet18({ inputShape: [32, 32, 3], classes: 10, width: 8, seed: 1 });
 * console.log(model.outputs[0].shape); // → [ null, 10 ]
 * model.dispose();
 * ```
 */
export function resnet18({ inputShape, classes, width = 64, seed = 0 }: ResNet18Options): tf.LayersModel {
  requireImageShape(inputShape);
  requirePositiveInteger('classes', classes);
  requirePositiveInteger('width', width);
  requireSeed(seed);

  const settings = layerSettings(seed);
  const normalized = (x: tf.SymbolicTensor, filters: number, kernelSize: number, strides: number) => {
    const { kernelInitializer } = settings('relu');
    const convolution = { filters, kernelSize, strides, padding: 'same', useBias: false, kernelInitializer } as const;
    const y = tf.layers.conv2d(convolution).apply(x);
    return new BatchNormalization({}).apply(y) as tf.SymbolicTensor;
  };
  const relu = (x: tf.SymbolicTensor) => tf.layers.reLU().apply(x) as tf.SymbolicTensor;
  const residualBlock = (x: tf.SymbolicTensor, filters: number, strides: number) => {
    const change = normalized(relu(normalized(x, filters, 3, strides)), filters, 3, 1);
    const isSameSize = strides === 1 && x.shape[3] === filters;
    const shortcut = isSameSize ? x : normalized(x, filters, 1, strides);
    return relu(tf.layers.add().apply([change, shortcut]) as tf.SymbolicTensor);
  };

  const images = tf.input({ shape: [...inputShape] });
  let x = relu(normalized(images, width, 3, 1));
  for (const [stage, strides] of STRIDES.entries()) {
    const filters = width * 2 ** stage;
    for (let block = 0; block < BLOCKS; block++) x = residualBlock(x, filters, block === 0 ? strides : 1);
  }
  const features = tf.layers.globalAveragePooling2d({}).apply(x);
  const logits = tf.layers.dense({ units: classes, ...settings('linear') }).apply(features) as tf.SymbolicTensor;
  return tf.model({ inputs: images, outputs: logits, name: 'resnet18' });
}
