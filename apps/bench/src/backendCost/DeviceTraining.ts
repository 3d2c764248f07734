import { createDeviceSampler, type DeviceMethodName, type DeviceSampler, type TfjsLearner } from '@gradis/tfjs';
import { secondsNow } from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import type { Turn } from '../stepCost/timeSteps.js';

/** Samples of a draw of the first epoch, which is not measured. */
const FIRST_EPOCH_BATCH = 1024;

/** Steps of a method on the device, past its first epoch: what `trainOnDevice` does between two looks at the telemetry. */
export class DeviceTraining {
  readonly #learner: TfjsLearner;
  readonly #sampler: DeviceSampler;
  readonly #batchSize: number;
  #losses?: tf.Tensor1D;

  constructor(learner: TfjsLearner, method: DeviceMethodName, batchSize: number) {
    this.#learner = learner;
    this.#sampler = createDeviceSampler(method, { size: learner.size, seed: 1 });
    this.#batchSize = batchSize;
    for (let drawn = 0; drawn < learner.size; ) {
      const { indices } = this.#sampler.draw(FIRST_EPOCH_BATCH);
      tf.tidy(() => this.#sampler.observe(indices, tf.randomUniform([indices.size], 0.5, 1.5, 'float32', drawn)));
      drawn += indices.size;
      indices.dispose();
    }
  }

  /** Queues a step. */
  step(): void {
    const { indices, weights, importanceWeights } = this.#sampler.draw(this.#batchSize);
    const scored = this.#sampler.learns;
    const { losses, scores } = this.#learner.stepOnDevice({ indices, weights, scored });
    if (scores) this.#sampler.observe(indices, scores);
    tf.dispose([indices, weights, importanceWeights, scores, this.#losses] as tf.TensorContainer);
    this.#losses = losses;
  }

  /** Waits until all steps are made. */
  async drain(): Promise<void> {
    await this.#losses?.data();
  }

  /** Milliseconds of each step of a turn: the same for all, since they are made while others are queued. */
  async time({ steps, milliseconds }: Required<Turn>): Promise<number[]> {
    await this.drain();
    const start = secondsNow();
    const spent = () => 1000 * (secondsNow() - start);
    let made = 0;
    while (made < steps && (spent() < milliseconds || made === 0)) {
      this.step();
      made++;
    }
    await this.drain();
    return new Array<number>(made).fill(spent() / made);
  }

  dispose(): void {
    this.#losses?.dispose();
    this.#sampler.dispose();
  }
}
