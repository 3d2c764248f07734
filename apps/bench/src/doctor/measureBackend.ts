import { type BackendName, fusedAdam, UnavailableBackendError } from '@gradis/backends';
import { mlp } from '@gradis/models';
import { TfjsLearner, tensorSource } from '@gradis/tfjs';
import { secondsNow } from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import { type BackendRequest, startBackend } from '../run/startBackend.js';
import { median } from '../timing/median.js';
import type { BackendHealth } from './Health.js';

/** Samples that are trained on, and in a batch. */
const SAMPLES = 1024;
const BATCH = 64;

/** Steps that compile what follows, seconds after which no further step is begun, and most steps. */
const WARM_UP = 5;
const SECONDS = 1.5;
const MOST_STEPS = 200;

/** Starts a backend in this process and times training steps on it. */
export async function measureBackend(backend: BackendName, { threads }: BackendRequest = {}): Promise<BackendHealth> {
  try {
    const { device, isSoftware, versions } = await startBackend({ backend, threads });
    return { backend, runs: true, device, isSoftware, versions, stepMilliseconds: await timeSteps() };
  } catch (error) {
    if (!(error instanceof UnavailableBackendError)) throw error;
    return { backend, runs: false, reason: error.reason };
  }
}

/** Median milliseconds of a step. */
async function timeSteps(): Promise<number> {
  const model = mlp({ inputShape: [784], outputs: 10, seed: 1 });
  const x = tf.randomNormal([SAMPLES, 784], 0, 1, 'float32', 1);
  const y = tf.tensor1d(
    Int32Array.from({ length: SAMPLES }, (_, i) => i % 10),
    'int32',
  );
  const optimizer = fusedAdam();
  const learner = new TfjsLearner({ model, optimizer, loss: 'softmaxCrossEntropy', train: tensorSource(x, y) });
  const weights = new Float32Array(BATCH).fill(1);
  const milliseconds: number[] = [];
  const start = secondsNow();
  for (let step = 0; step < MOST_STEPS && (step <= WARM_UP || secondsNow() - start < SECONDS); step++) {
    const indices = Int32Array.from({ length: BATCH }, (_, i) => (BATCH * step + i) % SAMPLES);
    const before = secondsNow();
    await learner.step({ indices, weights, scored: true });
    if (step >= WARM_UP) milliseconds.push(1000 * (secondsNow() - before));
  }
  tf.dispose([x, y]);
  model.dispose();
  optimizer.dispose();
  return median(milliseconds);
}
