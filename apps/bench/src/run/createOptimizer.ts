import { fusedAdam, fusedMomentum } from '@gradis/backends';
import * as tf from '@tensorflow/tfjs';
import type { Settings } from './Settings.js';

/** The optimizer of a run. Momentum is 0.9, Adam has its usual decay rates. */
export function createOptimizer({ optimizer, learningRate }: Settings): tf.Optimizer {
  switch (optimizer) {
    case 'adam':
      return fusedAdam(learningRate);
    case 'momentum':
      return fusedMomentum(learningRate, 0.9);
    case 'sgd':
      return tf.train.sgd(learningRate);
  }
}
