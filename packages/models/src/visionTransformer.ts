import * as tf from '@tensorflow/tfjs';
import { requireImageShape, requirePositiveInteger, requireSeed } from './checks.js';
import { layerSettings } from './initializers.js';
import { FeatureNormalization } from './layers/FeatureNormalization.js';
import { Gelu } from './layers/Gelu.js';
import { Positions } from './layers/Positions.js';
import { SelfAttention } from './layers/SelfAttention.js';

/** Options of {@link visionTransformer}. */
export interface VisionTransformerOptions {
  /** Height, width and channels of one image: `[32, 32, 3]`. */
  inputShape: readonly [number, number, number];
  /** Number of classes. */
  classes: number;
  /** Side of the square patches that become tokens; it divides height and width. */
  patch?: number;
  /** Length of a token's vector; a multiple of `heads`. */
  width?: number;
  /** Number of blocks. */
  depth?: number;
  /** Heads of each attention. */
  heads?: number;
  /** Seed of the initialisation, an integer in [0, 2³² − 1]: same seed, same weights, bit for bit. */
  seed?: number;
}

/** Width of the hidden layer of a block, in widths of a token. */
const EXPANSION = 4;

/**
 * A small vision transformer that ends in logits, uncompiled.
 *
 * Patches become tokens, with learned positions; each block adds the attention, then a layer of 4 · width GELUs in its tanh
 * form, both of the normalised tokens; the logits are those of the mean of the normalised tokens. A block has
 * 12 · width² + 13 · width parameters; there are 1,803,466 with the default layers, [32, 32, 3] and 10 classes. Kernels are
 * initialised by He before a GELU, and like the positions by Glorot elsewhere.
 *
 * Its layers are not registered with TF.js: save its weights (`getWeights`), not the model.
 *
 * @param options Input shape, number of classes, `patch` (4), `width` (192), `depth` (4), `heads` (3) and `seed` (0).
 * @returns A `tf.LayersModel` from [batch, height, width, channels] to logits [batch, classes]. Free it with `dispose()`.
 * @throws RangeError if a size is not an integer ≥ 1, `patch` does not divide the image or `heads` the width, or the seed
 *   is not among those allowed.
 *
 * Dosovitskiy et al., An Image Is Worth 16x16 Words, arXiv 2010.11929, eqs. 1 to 4, with the mean in place of a class token.
 *
 * @example
 * ```ts
 * import { visionTransformer } from '@gradis/models';
 *
 * const model = visionTransformer({ inputShape: [8, 8, 3], classes: 10, width: 24, depth: 2, seed: 1 });
 * console.log(model.outputs[0].shape); // → [ null, 10 ]
 * model.dispose();
 * ```
 */
export function visionTransformer({
  inputShape,
  classes,
  patch = 4,
  width = 192,
  depth = 4,
  heads = 3,
  seed = 0,
}: VisionTransformerOptions): tf.LayersModel {
  requireImageShape(inputShape);
  for (const [name, value] of Object.entries({ classes, patch, width, depth, heads })) {
    requirePositiveInteger(name, value);
  }
  requireSeed(seed);
  requireDivisor('patch', patch, 'the height', inputShape[0]);
  requireDivisor('patch', patch, 'the width', inputShape[1]);
  requireDivisor('heads', heads, 'width', width);

  const settings = layerSettings(seed);
  const through = (x: tf.SymbolicTensor, ...layers: tf.layers.Layer[]) =>
    layers.reduce((value, layer) => layer.apply(value) as tf.SymbolicTensor, x);
  const dense = (units: number) => tf.layers.dense({ units, ...settings('linear') });
  const denseGelu = (units: number) => [
    tf.layers.dense({ units, ...settings('gelu'), activation: 'linear' }),
    new Gelu({}),
  ];
  const add = (x: tf.SymbolicTensor, change: tf.SymbolicTensor) =>
    tf.layers.add().apply([x, change]) as tf.SymbolicTensor;

  const tokens = (inputShape[0] / patch) * (inputShape[1] / patch);
  const images = tf.input({ shape: [...inputShape] });
  let x = through(
    images,
    tf.layers.conv2d({ filters: width, kernelSize: patch, strides: patch, ...settings('linear') }),
    tf.layers.reshape({ targetShape: [tokens, width] }),
    new Positions(settings('linear').kernelInitializer),
  );
  for (let block = 0; block < depth; block++) {
    x = add(x, through(x, new FeatureNormalization({}), dense(3 * width), new SelfAttention(heads), dense(width)));
    x = add(x, through(x, new FeatureNormalization({}), ...denseGelu(EXPANSION * width), dense(width)));
  }
  const logits = through(x, new FeatureNormalization({}), tf.layers.globalAveragePooling1d(), dense(classes));
  return tf.model({ inputs: images, outputs: logits, name: 'visionTransformer' });
}

function requireDivisor(what: string, divisor: number, of: string, value: number): void {
  if (value % divisor !== 0) throw new RangeError(`${what} is ${divisor}; it must divide ${of}, ${value}.`);
}
