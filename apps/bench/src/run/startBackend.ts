import type { RunEnvironment } from '@gradis/metrics';
import { installWasmTraining } from '@gradis/wasm-training';
import * as tf from '@tensorflow/tfjs';
import { describeEnvironment } from './environment.js';

/** Starts TensorFlow.js on the wasm backend with training kernels and says what it runs on. */
export async function startBackend(): Promise<RunEnvironment> {
  tf.enableProdMode();
  const { variant } = await installWasmTraining();
  return describeEnvironment(variant);
}
