import {
  assertLimits,
  type EndReason,
  type EpochEvent,
  measureEpoch,
  TrainingProgress,
  type TrainOptions,
  totalSeconds,
} from '@gradis/training';
import type { DeviceSampler } from './DeviceSampler.js';
import { type DeviceLearner, StepQueue, type TelemetryEvent } from './StepQueue.js';

/** Options of {@link trainOnDevice}. */
export interface DeviceTrainOptions extends Omit<TrainOptions, 'delay'> {
  /** Steps between two looks at losses and scores, an integer ≥ 1. Default 50. */
  telemetryEvery?: number;
}

/** What {@link trainOnDevice} yields. */
export type DeviceTrainEvent = TelemetryEvent | EpochEvent;

/**
 * The training loop of `train` of `@gradis/training` for data, scores and probabilities that stay on the device: a step reads
 * nothing, and the next one is queued at once.
 *
 * Losses and scores are read every `telemetryEvery` steps and at the end of an epoch, all at once, while the steps that follow
 * are queued; no second read begins before the first is done, which bounds the queue and its memory to twice as many steps.
 * So an event is one such stretch late, and a loss or score that is not finite is noticed at the next read, when up to twice
 * as many steps were made after it: the run then ends as 'diverged'. Until then the sampler takes such scores for 0.
 *
 * Save states after the event of an epoch or at the end of a run: in between, learner and sampler are up to twice
 * `telemetryEvery` steps ahead of the progress.
 *
 * Times are those of the host: where work is queued, most of it is the wait for a read, and a budget is overrun by as much.
 *
 * @param learner one whose training samples are on the device: `tensorSource(x, y)` or `deviceSource(dataset)`
 * @returns (as the generator's value) why the run ended; after 'aborted' the same `progress` continues it
 * @throws if an option is out of range or a score is negative, and whatever the learner throws
 * @example
 * ```ts
 * import { createDeviceSampler, TfjsLearner, tensorSource, trainOnDevice } from '@gradis/tfjs';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const x = tf.linspace(-1, 1, 100).reshape([100, 1]);
 * const data = tensorSource(x, x.mul(3));
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
 * const learner = new TfjsLearner({ model, optimizer: tf.train.sgd(0.5), loss: 'squaredError', train: data, test: data });
 * const sampler = createDeviceSampler('memory-is', { size: 100 });
 * for await (const event of trainOnDevice(learner, sampler, { batchSize: 10, epochs: 20 })) {
 *   if (event.kind === 'epoch' && event.epoch === 20) console.log((event.test?.loss ?? 1) < 1e-3); // → true
 * }
 * sampler.dispose();
 * ```
 */
export async function* trainOnDevice(
  learner: DeviceLearner,
  sampler: DeviceSampler,
  {
    batchSize = 64,
    epochs = Number.POSITIVE_INFINITY,
    budgetSeconds = Number.POSITIVE_INFINITY,
    evaluate = ['test'],
    signal,
    progress = new TrainingProgress(),
    telemetryEvery = 50,
  }: DeviceTrainOptions = {},
): AsyncGenerator<DeviceTrainEvent, EndReason> {
  assertLimits({ batchSize, epochs, budgetSeconds, signal });
  if (!Number.isSafeInteger(telemetryEvery) || telemetryEvery < 1) {
    throw new RangeError(`telemetryEvery is ${telemetryEvery}; it must be an integer ≥ 1.`);
  }
  if (sampler.size !== learner.size) {
    throw new Error(
      `the sampler draws from ${sampler.size} samples, the learner has ${learner.size}; make both the same.`,
    );
  }
  const size = Math.min(batchSize, learner.size);
  const stepsPerEpoch = Math.ceil(learner.size / size);
  const queue = new StepQueue(learner, sampler, progress);
  let stepsInEpoch = progress.stepsInEpoch; // of which the progress may not know all yet

  try {
    if (progress.steps === 0) {
      const event = await epochEvent(0);
      if (!event) return 'diverged';
      yield event;
    }
    while (progress.epoch < epochs) {
      let end = endOfRun();
      while (!end && stepsInEpoch < stepsPerEpoch && queue.length < telemetryEvery) {
        queue.step(size);
        stepsInEpoch++;
        end = endOfRun();
      }
      const settled = await queue.settle();
      if (settled === 'diverged') return settled;
      if (settled) yield settled;
      if (queue.length > 0) queue.read();
      const isEndOfEpoch = stepsInEpoch >= stepsPerEpoch;
      if (!end && !isEndOfEpoch) continue;

      const last = await queue.settle();
      if (last === 'diverged') return last;
      if (last) yield last;
      if (isEndOfEpoch) {
        const event = await epochEvent(progress.epoch + 1);
        if (!event) return 'diverged';
        progress.endEpoch();
        stepsInEpoch = 0;
        yield event;
      } else if (end === 'budget' && stepsInEpoch > 0) {
        const event = await epochEvent(progress.epoch + stepsInEpoch / stepsPerEpoch);
        if (!event) return 'diverged';
        yield event;
        return end;
      } else if (end) return end;
    }
    return 'completed';
  } finally {
    await queue.dispose();
  }

  function endOfRun(): 'aborted' | 'budget' | undefined {
    if (signal?.aborted) return 'aborted';
    return totalSeconds(progress.seconds) >= budgetSeconds ? 'budget' : undefined;
  }

  function epochEvent(epoch: number): Promise<EpochEvent | undefined> {
    return measureEpoch(learner, progress, { epoch, evaluate });
  }
}
