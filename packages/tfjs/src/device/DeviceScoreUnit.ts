import { CALIBRATION, type CalibratedSamplerState } from '@gradis/samplers';
import * as tf from '@tensorflow/tfjs';
import { replaced } from './replaced.js';

type UnitState = CalibratedSamplerState['unit'];

/** Scores are divided by no less. */
const SMALLEST_UNIT = 1e-30;

/** The mean score of late: the `ScoreUnit` of `CalibratedSampler`, in tensors. */
export class DeviceScoreUnit {
  readonly #memory: number;
  #sum: tf.Scalar = tf.keep(tf.scalar(0));
  #count = 0;

  /** @param size number of samples N */
  constructor(size: number) {
    this.#memory = CALIBRATION.unitMemory(size);
  }

  /** Learns the sum of some scores and returns the unit, > 0. [] */
  learn(sum: tf.Tensor, count: number): tf.Tensor {
    const kept = Math.exp(-count / this.#memory);
    this.#sum = replaced(this.#sum, tf.add(tf.mul(this.#sum, kept), sum) as tf.Scalar);
    this.#count = kept * this.#count + count;
    return tf.maximum(tf.div(this.#sum, this.#count), SMALLEST_UNIT);
  }

  async getState(): Promise<UnitState> {
    const [sum] = await this.#sum.data();
    return { kind: 'ScoreUnit', version: 1, sum, count: this.#count };
  }

  setState({ sum, count }: UnitState): void {
    this.#sum = replaced(this.#sum, tf.scalar(sum));
    this.#count = count;
  }

  dispose(): void {
    this.#sum.dispose();
  }
}
