import { assertScores } from '@gradis/samplers';
import { type TrainingStep, weightedMean, zeroSeconds } from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import type { DeviceStepResult } from '../TfjsLearner.js';
import type { DeviceDraw } from './DeviceSampler.js';

/** The tensors of a step that telemetry is made of. */
type StepTensors = Pick<DeviceStepResult, 'losses' | 'scores'> & Pick<DeviceDraw, 'importanceWeights'>;

/** What a step had, beside its tensors. */
interface QueuedStep {
  size: number;
  isScored: boolean;
  isWeighted: boolean;
}

/** Losses, scores and importance weights of some steps, which stay on the device until they are read as one tensor. */
export class TelemetryWindow {
  readonly #learns: boolean;
  #tensors: tf.Tensor1D[] = [];
  readonly #steps: QueuedStep[] = [];

  /** @param learns whether the sampler learns from the scores: only then do they tell the variance of its draws */
  constructor(learns: boolean) {
    this.#learns = learns;
  }

  /** Number of steps. */
  get length(): number {
    return this.#steps.length;
  }

  /** Takes over the tensors of a step. */
  add({ losses, scores, importanceWeights }: StepTensors): void {
    this.#steps.push({ size: losses.size, isScored: !!scores, isWeighted: !!importanceWeights });
    this.#tensors.push(...[losses, scores, importanceWeights].filter((tensor) => tensor !== undefined));
  }

  /**
   * Reads everything at once, and frees it.
   *
   * @returns the steps, up to the first whose losses or scores are not finite, and whether there is one
   * @throws RangeError if a score is negative
   */
  async read(): Promise<{ steps: TrainingStep[]; diverged: boolean }> {
    const all = tf.concat(this.#tensors);
    this.dispose();
    try {
      return this.#split((await all.data()) as Float32Array);
    } finally {
      all.dispose();
    }
  }

  dispose(): void {
    tf.dispose(this.#tensors);
    this.#tensors = [];
  }

  #split(values: Float32Array): { steps: TrainingStep[]; diverged: boolean } {
    const steps: TrainingStep[] = [];
    let place = 0;
    const next = (length: number) => {
      place += length;
      return values.slice(place - length, place);
    };
    for (const { size, isScored, isWeighted } of this.#steps) {
      const losses = next(size);
      const scores = isScored ? next(size) : undefined;
      const drawn = isWeighted ? next(size) : new Float32Array(size).fill(1);
      if (!losses.every(Number.isFinite) || !(scores?.every(Number.isFinite) ?? true)) return { steps, diverged: true };
      if (scores) assertScores(scores);
      steps.push(stepOf(losses, scores, this.#learns ? drawn : undefined));
    }
    return { steps, diverged: false };
  }
}

/** The step as `train` of `@gradis/training` has it; which samples it was made on, nobody asks. */
function stepOf(losses: Float32Array, scores?: Float32Array, importanceWeights?: Float32Array): TrainingStep {
  const weights = importanceWeights ?? new Float32Array(losses.length).fill(1);
  return {
    batch: { indices: new Int32Array(losses.length), weights, scored: !!scores, importanceWeights },
    result: { losses, scores, weights, seconds: zeroSeconds() },
    loss: weightedMean(losses, importanceWeights),
  };
}
