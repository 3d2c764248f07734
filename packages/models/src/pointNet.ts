import * as tf from '@tensorflow/tfjs';
import { requirePositiveInteger, requirePositiveIntegers, requireSeed } from './checks.js';
import { layerSettings } from './initializers.js';
import { BatchNormalization } from './layers/BatchNormalization.js';
import { DenseMax } from './layers/DenseMax.js';

/** Options of {@link pointNet}. */
export interface PointNetOptions {
  /** Number of points and of coordinates of each: `[1024, 3]`. */
  inputShape: readonly [number, number];
  /** Number of classes. */
  classes: number;
  /** Units of the layers that every point passes by itself. */
  shared?: readonly number[];
  /** Units of the layers between the maximum over the points and the logits. */
  hidden?: readonly number[];
  /** Whether to normalise by batch before every ReLU. */
  batchNormalization?: boolean;
  /** Seed of the initialisation, an integer in [0, 2³² − 1]: same seed, same weights, bit for bit. */
  seed?: number;
}

/**
 * PointNet for classes of point sets, without its transformer networks, that ends in logits, uncompiled.
 *
 * `logits = γ(max over the points of h(point))`: dense layers h that all points share, with ReLUs, the maximum of each
 * feature, and dense layers γ. The order of the points does not matter. The default layers have 140,672 parameters before
 * the logits. The paper has two hidden layers, [512, 256], batch normalisation, dropout before the logits, and aligns points
 * and features by small networks, which are left out here.
 *
 * @param options Input shape, number of classes, `shared` ([64, 128, 1024]), `hidden` ([]), `batchNormalization` (false)
 *   and `seed` (0).
 * @returns A `tf.Sequential` from [batch, points, coordinates] to logits [batch, classes]. Free it with `dispose()`.
 * @throws RangeError if a size is not an integer ≥ 1, there is no shared layer, or the seed is not among those allowed.
 *
 * Qi et al., PointNet: Deep Learning on Point Sets for 3D Classification and Segmentation, arXiv 1612.00593, eq. 1 and
 * section 4.2.
 *
 * @example
 * ```ts
 * import { pointNet } from '@gradis/models';
 *
 * const model = pointNet({ inputShape: [1024, 3], classes: 40, seed: 1 });
 * console.log(model.outputs[0].shape, model.countParams()); // → [ null, 40 ] 181672
 * model.dispose();
 * ```
 */
export function pointNet({
  inputShape,
  classes,
  shared = [64, 128, 1024],
  hidden = [],
  batchNormalization = false,
  seed = 0,
}: PointNetOptions): tf.Sequential {
  if (inputShape.length !== 2) {
    throw new RangeError(`inputShape is [${inputShape}]; it must be [points, coordinates].`);
  }
  requirePositiveIntegers('inputShape', inputShape);
  requirePositiveInteger('classes', classes);
  requirePositiveInteger('The number of layers in shared', shared.length);
  requirePositiveIntegers('shared', shared);
  requirePositiveIntegers('hidden', hidden);
  requireSeed(seed);

  const settings = layerSettings(seed);
  const model = tf.sequential({ name: 'pointNet' });
  const addDense = (units: number) => {
    const { kernelInitializer } = settings('relu');
    model.add(tf.layers.dense({ units, kernelInitializer, useBias: !batchNormalization }));
    if (batchNormalization) model.add(new BatchNormalization({}));
  };
  model.add(tf.layers.inputLayer({ inputShape: [...inputShape] }));
  // relu(max) = max(relu): where the maximum comes first, the ReLU has fewer values to pass, by the number of points.
  for (const units of shared.slice(0, -1)) {
    addDense(units);
    model.add(tf.layers.reLU());
  }
  const units = shared.at(-1)!;
  if (batchNormalization) {
    addDense(units);
    model.add(tf.layers.globalMaxPooling1d());
  } else {
    const { kernelInitializer } = settings('relu');
    model.add(new DenseMax({ units, kernelInitializer }));
  }
  model.add(tf.layers.reLU());
  for (const units of hidden) {
    addDense(units);
    model.add(tf.layers.reLU());
  }
  model.add(tf.layers.dense({ units: classes, ...settings('linear') }));
  return model;
}
