import * as tf from '@tensorflow/tfjs';
import { type BackendName, UnavailableBackendError } from './Backend.js';

/** Makes a registered backend of TensorFlow.js the current one; if it does not start, the one before stays. */
export async function setBackend(name: BackendName, registeredName: string): Promise<void> {
  const previous = tf.getBackend();
  let cause: unknown;
  const started = await tf.setBackend(registeredName).catch((error: unknown) => {
    cause = error;
    return false;
  });
  if (started) return;
  if (previous && previous !== registeredName) await tf.setBackend(previous);
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  throw new UnavailableBackendError(name, `TensorFlow.js could not start it${why}; its console output says more.`, {
    cause,
  });
}
