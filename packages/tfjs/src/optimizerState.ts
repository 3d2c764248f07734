import * as tf from '@tensorflow/tfjs';

/** Everything an optimizer remembers. */
export interface OptimizerState {
  readonly weights: readonly { name: string; shape: number[]; dtype: tf.DataType; values: Float32Array }[];
  /** Running powers of the decay rates, which `getWeights` of TF.js leaves out. */
  readonly accumulators: Readonly<Record<string, number>>;
}

/** Fields of the TF.js optimizers that hold a running power; their `setWeights` recomputes them with another rounding. */
const ACCUMULATORS = ['accBeta1', 'accBeta2'] as const;

/** Reads the state of any TF.js optimizer that can give its weights; Adamax, for one, cannot. */
export async function getOptimizerState(optimizer: tf.Optimizer): Promise<OptimizerState> {
  const named = await optimizer.getWeights();
  const weights = await Promise.all(
    named.map(async ({ name, tensor }) => {
      const values = Float32Array.from(await tensor.data());
      return { name, shape: tensor.shape, dtype: tensor.dtype, values };
    }),
  );
  tf.dispose(named.filter(({ tensor }) => !(tensor instanceof tf.Variable)).map(({ tensor }) => tensor));
  const accumulators: Record<string, number> = {};
  for (const field of ACCUMULATORS) {
    const variable = accumulator(optimizer, field);
    if (variable) accumulators[field] = (await variable.data())[0];
  }
  return { weights, accumulators };
}

/** Writes a state read by {@link getOptimizerState} into an optimizer of the same kind. */
export async function setOptimizerState(optimizer: tf.Optimizer, state: OptimizerState): Promise<void> {
  const replaced = (await optimizer.getWeights()).map(({ tensor }) => tensor);
  const weights = state.weights.map(({ name, shape, dtype, values }) => ({
    name,
    tensor: tf.tensor(values, shape, dtype),
  }));
  await optimizer.setWeights(weights);
  tf.dispose([...replaced, ...weights.map(({ tensor }) => tensor)]);
  for (const [field, value] of Object.entries(state.accumulators)) {
    const variable = accumulator(optimizer, field);
    if (variable) tf.tidy(() => variable.assign(tf.scalar(value)));
  }
}

function accumulator(optimizer: tf.Optimizer, field: string): tf.Variable | undefined {
  const value = (optimizer as unknown as Record<string, unknown>)[field];
  return value instanceof tf.Variable ? value : undefined;
}
