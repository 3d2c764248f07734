import type { RunRecord } from '@gradis/metrics';
import type { Reading } from './curve.js';

/** A quantity by which methods are compared; smaller is better. */
export interface Measure {
  key: 'trainLoss' | 'testLoss' | 'testError';
  /** In the middle of a sentence: `test error`. */
  name: string;
  /** Whether it is a share in [0, 1], shown in per cent. */
  isShare: boolean;
  /** How it was obtained, if that needs saying. */
  remark?: string;
  read: Reading;
}

const measuredTrainLoss: Measure = {
  key: 'trainLoss',
  name: 'training loss',
  isShare: false,
  read: (epoch) => epoch.train?.loss,
};

const estimatedTrainLoss: Measure = {
  key: 'trainLoss',
  name: 'training loss',
  isShare: false,
  remark:
    'Training loss is an unbiased estimate from the batches of each epoch, so it lags behind the state at its end by about half an epoch.',
  read: (epoch) => epoch.estimatedLoss,
};

const testLoss: Measure = { key: 'testLoss', name: 'test loss', isShare: false, read: (epoch) => epoch.test?.loss };
const testError: Measure = { key: 'testError', name: 'test error', isShare: true, read: (epoch) => epoch.test?.error };

/**
 * The measures that every one of the runs has at its end, in a fixed order.
 *
 * The training loss is the one measured on the whole training set if all runs have that, and else the estimate.
 */
export function measuresOf(runs: readonly RunRecord[]): Measure[] {
  const available = (measure: Measure) =>
    runs.every(({ epochs }) => epochs.length > 0 && measure.read(epochs.at(-1)!) !== undefined);
  const trainLoss = available(measuredTrainLoss) ? measuredTrainLoss : estimatedTrainLoss;
  return [trainLoss, testLoss, testError].filter(available);
}
