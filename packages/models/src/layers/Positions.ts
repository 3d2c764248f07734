import * as tf from '@tensorflow/tfjs';
import { theInput } from './theInput.js';

/** Adds a learned vector to each token: [batch, tokens, width]. */
export class Positions extends tf.layers.Layer {
  static readonly className = 'Positions';
  readonly #initializer: ReturnType<typeof tf.initializers.zeros>;
  #positions?: tf.LayerVariable;

  /** @param initializer of the vectors [tokens, width] */
  constructor(initializer: ReturnType<typeof tf.initializers.zeros>) {
    super({});
    this.#initializer = initializer;
  }

  override build(inputShape: tf.Shape): void {
    const [, tokens, width] = inputShape as [unknown, number, number];
    this.#positions = this.addWeight('positions', [tokens, width], 'float32', this.#initializer);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => tf.add(theInput(inputs), this.#positions!.read()));
  }
}
