import { type EpochEvent, secondsNow, TrainingProgress, totalSeconds } from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import type { TfjsLearner } from '../TfjsLearner.js';
import type { DeviceSampler } from './DeviceSampler.js';
import { TelemetryWindow } from './TelemetryWindow.js';

/** What a learner must be able to do to train on the device, as a {@link TfjsLearner} is. */
export type DeviceLearner = Pick<TfjsLearner, 'size' | 'stepOnDevice' | 'evaluate'>;

/** What the steps since the last such event found out; it comes when the next ones are queued. */
export interface TelemetryEvent {
  kind: 'telemetry';
  /** Epoch of these steps, counted from 1. */
  epoch: number;
  /** Last of these steps, counted over the whole run. */
  step: number;
  /** Number of these steps. */
  steps: number;
  /** Estimate of the mean training loss over these steps; unbiased, whatever the training itself uses as weights. */
  loss: number;
  /** Seconds of training so far. */
  trainingSeconds: number;
  /** What the sampling did to the variance: ratio, effective sample size; undefined for methods that draw uniformly. */
  telemetry: EpochEvent['telemetry'];
}

/** Makes steps that read nothing, and reads what a stretch of them found out while the next one is made. */
export class StepQueue {
  readonly #learner: DeviceLearner;
  readonly #sampler: DeviceSampler;
  readonly #progress: TrainingProgress;
  #window: TelemetryWindow;
  #reading?: ReturnType<TelemetryWindow['read']>;

  /** @param progress learns of steps when they are read; its times when they are queued */
  constructor(learner: DeviceLearner, sampler: DeviceSampler, progress: TrainingProgress) {
    this.#learner = learner;
    this.#sampler = sampler;
    this.#progress = progress;
    this.#window = new TelemetryWindow(sampler.learns);
  }

  /** Number of steps that are not being read yet. */
  get length(): number {
    return this.#window.length;
  }

  /** Queues a step. */
  step(batchSize: number): void {
    const { seconds } = this.#progress;
    const sampler = this.#sampler;
    const start = secondsNow();
    const { indices, weights, importanceWeights } = sampler.draw(batchSize);
    const startOfStep = secondsNow();
    try {
      const { losses, scores } = this.#learner.stepOnDevice({ indices, weights, scored: sampler.learns });
      const startOfUpdate = secondsNow();
      if (scores) sampler.observe(indices, scores);
      this.#window.add({ losses, scores, importanceWeights: importanceWeights && tf.clone(importanceWeights) });
      seconds.sampling += startOfStep - start;
      seconds.step += startOfUpdate - startOfStep;
      seconds.update += secondsNow() - startOfUpdate;
    } finally {
      tf.dispose([indices, weights, importanceWeights] as tf.TensorContainer);
    }
  }

  /** Begins to read the steps so far. The read before must be settled. */
  read(): void {
    this.#reading = this.#window.read();
    this.#window = new TelemetryWindow(this.#sampler.learns);
  }

  /** Waits for the read under way, if there is one, and adds its steps to the progress. */
  async settle(): Promise<TelemetryEvent | 'diverged' | undefined> {
    if (!this.#reading) return undefined;
    const progress = this.#progress;
    const start = secondsNow();
    const { steps, diverged } = await this.#reading;
    this.#reading = undefined;
    progress.seconds.readBack += secondsNow() - start;
    const stretch = new TrainingProgress();
    for (const step of steps) {
      stretch.addStep(step);
      progress.addStep(step);
    }
    if (diverged) return 'diverged';
    return {
      kind: 'telemetry',
      epoch: progress.epoch + 1,
      step: progress.steps,
      steps: stretch.steps,
      loss: stretch.estimatedLoss as number,
      trainingSeconds: totalSeconds(progress.seconds),
      telemetry: stretch.telemetry.summary(),
    };
  }

  /** Waits for the read under way and frees everything. */
  async dispose(): Promise<void> {
    this.#window.dispose();
    await this.#reading?.catch(() => undefined); // what ended the run is the error to report
  }
}
