import { cifar10Cnn } from './cifar10Cnn.js';
import type { Experiment } from './Experiment.js';
import { mnist } from './mnist.js';

/** All experiments by name. */
export const experiments: Readonly<Record<string, Experiment>> = { mnist, 'cifar10-cnn': cifar10Cnn };
