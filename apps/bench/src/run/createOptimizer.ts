import { fusedAdam, fusedMomentum } from '@gradis/wasm-training';
import * as tf from '@tensorflow/tfjs';
import type { Settings } from './Settings.js';

/** The optimizer of a run. Momentum is 0.9, and so is Adam's β₁. */
export function createOptimizer({ optimizer, learningRate, beta2 }: Settings): tf.Optimizer {
  switch (optimizer) {
    case 'adam':
      return fusedAdam(learningRate, 0.9, beta2);
    case 'momentum':
      return fusedMomentum(learningRate, 0.9);
    case 'sgd':
      return tf.train.sgd(learningRate);
  }
}
