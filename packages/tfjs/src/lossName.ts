import type * as tf from '@tensorflow/tfjs';

/** Name of the loss of an output, unless the model was compiled with a function. */
export function lossName(model: tf.LayersModel, output: number): string | undefined {
  const { loss } = model;
  const own = Array.isArray(loss) ? loss[output] : typeof loss === 'object' ? loss[model.outputNames[output]] : loss;
  return typeof own === 'string' ? own : undefined;
}
