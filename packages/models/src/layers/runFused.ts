import * as tf from '@tensorflow/tfjs';

/**
 * What a kernel computes that only some backends have, such as wasm with `@gradis/wasm-training`, which brings its gradient;
 * undefined where there is none. The layers compose the same from the kernels that all backends have.
 */
export function runFused(
  kernel: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, number | string> = {},
): tf.Tensor[] | undefined {
  const isFloat = Object.values(inputs).every(({ dtype }) => dtype === 'float32');
  if (!isFloat || !tf.getKernel(kernel, tf.getBackend())) return undefined;
  const outputs: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(kernel, inputs, attributes);
  return Array.isArray(outputs) ? outputs : [outputs];
}
