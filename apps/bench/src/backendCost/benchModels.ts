import { mlp, resnet18, smallCnn, visionTransformer } from '@gradis/models';
import type * as tf from '@tensorflow/tfjs';

/** A network to train; `torchScript` has its twin. */
export interface BenchModel {
  readonly title: string;
  /** Shape of one sample. */
  readonly inputShape: readonly number[];
  /** Samples in a batch, from few to many, where none are asked for. */
  readonly batchSizes: readonly number[];
  /** A new model that gives the logits of `CLASSES` classes; same seed, same weights. */
  create(seed: number): tf.LayersModel;
}

/** Number of classes of every model. */
export const CLASSES = 10;

/** Names of the models. */
export const MODEL_NAMES = ['mlp', 'cnn', 'resnet18', 'vit'] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

const photograph = [32, 32, 3] as const;
const small = [16, 64, 256];
const large = [16, 64];

/** The models of `bench:backends`. */
export const benchModels: Readonly<Record<ModelName, BenchModel>> = {
  mlp: {
    title: 'fully connected network 784-256-256-10',
    inputShape: [28, 28, 1],
    batchSizes: small,
    create: (seed) => mlp({ inputShape: [28, 28, 1], outputs: CLASSES, seed }),
  },
  cnn: {
    title: 'two convolutions and two dense layers on 32×32×3',
    inputShape: photograph,
    batchSizes: small,
    create: (seed) => smallCnn({ inputShape: photograph, classes: CLASSES, seed }),
  },
  resnet18: {
    title: 'ResNet-18 on 32×32×3, with batch normalisation',
    inputShape: photograph,
    batchSizes: large,
    create: (seed) => resnet18({ inputShape: photograph, classes: CLASSES, seed }),
  },
  vit: {
    title: 'vision transformer on 32×32×3: patches of 4, width 192, 4 blocks, 3 heads',
    inputShape: photograph,
    batchSizes: large,
    create: (seed) => visionTransformer({ inputShape: photograph, classes: CLASSES, seed }),
  },
};
