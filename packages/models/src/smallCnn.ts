import * as tf from '@tensorflow/tfjs';
import { requireImageShape, requirePositiveInteger, requirePositiveIntegers, requireSeed } from './checks.js';
import { type Activation, checkActivation, layerSettings } from './initializers.js';

/** Options of {@link smallCnn}. */
export interface SmallCnnOptions {
  /** Height, width and channels of one image: `[32, 32, 3]`. */
  inputShape: readonly [number, number, number];
  /** Number of classes. */
  classes: number;
  /** Output channels of each block; a block halves height and width. */
  filters?: readonly number[];
  /** Units of the dense layer before the logits. */
  hidden?: number;
  /** Activation of the hidden layers. */
  activation?: Activation;
  /** Seed of the initialisation, an integer in [0, 2³² − 1]: same seed, same weights, bit for bit. */
  seed?: number;
}

/**
 * A small convolutional classifier that ends in logits, uncompiled.
 *
 * Each block is a 3×3 convolution with padding, the activation, and a 2×2 maximum pooling that drops an odd last row or
 * column; then a dense layer and the logits. A block from c to f channels has 9cf + f parameters. With the default layers
 * and 10 classes there are 105,866 for [28, 28, 1] and 136,874 for [32, 32, 3]. Initialised like {@link mlp}.
 *
 * @param options Input shape, number of classes, `filters` ([16, 32]), `hidden` (64), `activation` ('relu'), `seed` (0).
 * @returns A `tf.Sequential` from [batch, height, width, channels] to logits [batch, classes]. Free it with `dispose()`.
 * @throws RangeError if a size is not an integer ≥ 1, the image is too small for the blocks, or the activation or the
 *   seed is not among those allowed.
 *
 * @example
 * ```ts
 * import { smallCnn } from '@gradis/models';
 *
 * const model = smallCnn({ inputShape: [32, 32, 3], classes: 10, seed: 1 });
 * console.log(model.outputs[0].shape, model.countParams()); // → [ null, 10 ] 136874
 * model.dispose();
 * ```
 */
export function smallCnn({
  inputShape,
  classes,
  filters = [16, 32],
  hidden = 64,
  activation = 'relu',
  seed = 0,
}: SmallCnnOptions): tf.Sequential {
  requireImageShape(inputShape);
  requirePositiveInteger('classes', classes);
  requirePositiveIntegers('filters', filters);
  requirePositiveInteger('hidden', hidden);
  checkActivation(activation);
  requireSeed(seed);
  requireSize(inputShape, filters.length);

  const settings = layerSettings(seed);
  const model = tf.sequential({ name: 'smallCnn' });
  model.add(tf.layers.inputLayer({ inputShape: [...inputShape] }));
  for (const channels of filters) {
    model.add(tf.layers.conv2d({ filters: channels, kernelSize: 3, padding: 'same', ...settings(activation) }));
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  }
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: hidden, ...settings(activation) }));
  model.add(tf.layers.dense({ units: classes, ...settings('linear') }));
  return model;
}

function requireSize(inputShape: readonly [number, number, number], blocks: number): void {
  const [height, width] = inputShape;
  const least = 2 ** blocks;
  if (height < least || width < least) {
    throw new RangeError(
      `inputShape is [${inputShape}]; ${blocks} blocks need height and width ≥ ${least}. Give fewer filters.`,
    );
  }
}
