import { type BackendChoice, type BackendName, useBackend } from '@gradis/backends';
import * as tf from '@tensorflow/tfjs';

/** Which backend to train on. */
export interface BackendRequest {
  /** Default `'auto'`: the best that runs here. */
  backend?: BackendName | 'auto';
  /** Threads of one operation at most. Default: what the backend does by itself. */
  threads?: number;
}

/** Starts TensorFlow.js on the backend asked for, with its training kernels, and says what it runs on. */
export async function startBackend({ backend = 'auto', threads }: BackendRequest = {}): Promise<BackendChoice> {
  tf.enableProdMode();
  return useBackend(backend, { threads });
}
