import { UniformSampler, type UniformSamplerOptions, type UniformSamplerState } from '@gradis/samplers';
import * as tf from '@tensorflow/tfjs';
import type { TensorWeightRule } from '../gradientStep.js';
import type { DeviceDraw, DeviceSampler } from './DeviceSampler.js';
import { assertSize } from './exactIntegers.js';

/** Options of a {@link DeviceUniformSampler}. */
export interface DeviceUniformSamplerOptions extends UniformSamplerOptions {
  /** Computes the weights of a batch from its own scores, as LOW does: then it is biased. Default: weights 1. */
  weights?: TensorWeightRule;
}

/**
 * Ordinary shuffled SGD: the draws of `UniformSampler` of `@gradis/samplers`, made on the host and uploaded batch by batch.
 *
 * @example
 * ```ts
 * import { DeviceUniformSampler } from '@gradis/tfjs';
 *
 * const sampler = new DeviceUniformSampler(10, { seed: 1 });
 * console.log([sampler.draw(4), sampler.draw(4), sampler.draw(4)].map(({ indices }) => indices.size)); // → [ 4, 4, 2 ]
 * ```
 */
export class DeviceUniformSampler implements DeviceSampler {
  readonly size: number;
  readonly learns = false;
  #sampler: UniformSampler;
  readonly #weights?: TensorWeightRule;

  /**
   * @param size number of samples N
   * @throws RangeError on a size or a seed out of its range
   */
  constructor(size: number, { seed, weights }: DeviceUniformSamplerOptions = {}) {
    assertSize(size);
    this.size = size;
    this.#sampler = new UniformSampler(size, { seed });
    this.#weights = weights;
  }

  draw(batchSize: number): DeviceDraw {
    return { indices: tf.tensor1d(this.#sampler.draw(batchSize).indices, 'int32'), weights: this.#weights };
  }

  observe(): void {}

  probabilities(): tf.Tensor1D {
    return tf.fill([this.size], 1 / this.size);
  }

  async getState(): Promise<UniformSamplerState> {
    return this.#sampler.getState();
  }

  /** The sampler that makes the draws which the saved one, on the device or on the host, would have made. */
  static fromState(
    state: UniformSamplerState,
    options: Omit<DeviceUniformSamplerOptions, 'seed'> = {},
  ): DeviceUniformSampler {
    const restored = UniformSampler.fromState(state);
    const sampler = new DeviceUniformSampler(restored.size, options);
    sampler.#sampler = restored;
    return sampler;
  }

  dispose(): void {}
}
