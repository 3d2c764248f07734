import * as tf from '@tensorflow/tfjs';
import type { BackendStarter } from '../Backend.js';
import { setBackend } from '../setBackend.js';

/** TensorFlow.js in plain JavaScript: everywhere, for tests and very small models. */
export const startCpu: BackendStarter = async () => {
  await setBackend('cpu', 'cpu');
  return {
    backend: 'cpu',
    device: 'plain JavaScript',
    isSoftware: false,
    threads: 1,
    versions: { '@tensorflow/tfjs': tf.version.tfjs },
  };
};
