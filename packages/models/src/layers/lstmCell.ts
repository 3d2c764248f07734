import * as tf from '@tensorflow/tfjs';

/** What a cell hands on, both [batch, units], and what its gradient needs. */
export interface LstmState {
  /** h, its output. */
  hidden: tf.Tensor;
  /** c, its memory. */
  cell: tf.Tensor;
  /** i, f, g, o after their activations, side by side: [batch, 4 · units]. */
  activations: tf.Tensor;
}

/** Gradients with respect to what a cell is given. */
export interface LstmCellGradient {
  /** [batch, 4 · units] */
  gates: tf.Tensor;
  /** [batch, units] */
  before: tf.Tensor;
}

/**
 * One step of a cell of long short-term memory: `c = σ(f) c₋₁ + σ(i) tanh(g)`, `h = σ(o) tanh(c)`.
 *
 * @param gates i, f, g, o before their activations, side by side, as in Keras: [batch, 4 · units]
 * @param before c₋₁ [batch, units]
 *
 * Gers, Schmidhuber and Cummins, Learning to Forget, 2000, eqs. 3 to 8.
 */
export function lstmCell(gates: tf.Tensor, before: tf.Tensor): LstmState {
  const [i, f, g, o] = tf.split(gates, 4, -1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const [input, forget, candidate, output] = [tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)];
  const cell = tf.add(tf.mul(forget, before), tf.mul(input, candidate));
  const activations = tf.concat([input, forget, candidate, output], -1);
  return { hidden: tf.mul(output, tf.tanh(cell)), cell, activations };
}

/**
 * Gradients of a step: with i, f, g, o after their activations and `δ = ∂c + ∂h o (1 − tanh²c)` they are
 * `δ g i (1 − i)`, `δ c₋₁ f (1 − f)`, `δ i (1 − g²)` and `∂h tanh(c) o (1 − o)`, side by side, and `∂c₋₁ = δ f`.
 *
 * @param hidden ∂h, with respect to the output, and
 * @param cell ∂c, with respect to the memory
 */
export function lstmCellGradient(
  { hidden, cell }: Pick<LstmState, 'hidden' | 'cell'>,
  state: Omit<LstmState, 'hidden'>,
  before: tf.Tensor,
): LstmCellGradient {
  const { activations } = state;
  const [i, f, g, o] = tf.split(activations, 4, -1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const squashed = tf.tanh(state.cell);
  const slopeOfSigmoid = (y: tf.Tensor) => tf.sub(y, tf.square(y));
  const slopeOfTanh = (y: tf.Tensor) => tf.sub(1, tf.square(y));
  const atCell = tf.add(cell, tf.mul(tf.mul(hidden, o), slopeOfTanh(squashed)));
  const gates = [
    tf.mul(tf.mul(atCell, g), slopeOfSigmoid(i)),
    tf.mul(tf.mul(atCell, before), slopeOfSigmoid(f)),
    tf.mul(tf.mul(atCell, i), slopeOfTanh(g)),
    tf.mul(tf.mul(hidden, squashed), slopeOfSigmoid(o)),
  ];
  return { gates: tf.concat(gates, -1), before: tf.mul(atCell, f) };
}
