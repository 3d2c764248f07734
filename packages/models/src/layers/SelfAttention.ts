import * as tf from '@tensorflow/tfjs';
import { theInput } from './theInput.js';

/**
 * Scaled dot-product attention of several heads, without weights: `softmax(Q Kᵀ / √d) V` for each head.
 *
 * From [batch, tokens, 3 · width], queries, keys and values side by side, to [batch, tokens, width]. The attention layer of
 * TF.js cannot be trained: its Einsum has no gradient. Split before the heads, as transposes of five axes are slow on wasm.
 *
 * Vaswani et al., Attention Is All You Need, arXiv 1706.03762, eq. 1.
 */
export class SelfAttention extends tf.layers.Layer {
  static readonly className = 'SelfAttention';
  readonly #heads: number;

  constructor(heads: number) {
    super({});
    this.#heads = heads;
  }

  override computeOutputShape([batch, tokens, width]: tf.Shape): tf.Shape {
    return [batch!, tokens!, width! / 3];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = theInput(inputs);
      const [batch, tokens, width] = x.shape as [number, number, number];
      const size = width / 3 / this.#heads;
      const [queries, keys, values] = tf
        .split(x, 3, -1)
        .map((part) => tf.transpose(part.reshape([batch, tokens, this.#heads, size]), [0, 2, 1, 3])) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const attention = tf.softmax(tf.mul(tf.matMul(queries, keys, false, true), 1 / Math.sqrt(size)));
      const heads = tf.matMul(attention, values);
      return tf.transpose(heads, [0, 2, 1, 3]).reshape([batch, tokens, width / 3]);
    });
  }
}
