import * as tf from '@tensorflow/tfjs';

/** How the gradient of a kernel is computed by one kernel, in place of several. */
export interface FusedGradient {
  /** The kernel that computes it from `dy` and what the stock gradient saves. */
  readonly kernel: string;
  /** What the kernel calls the saved tensors, in the order in which they are saved. */
  readonly saved: readonly string[];
  /** The input that the gradient is for. */
  readonly input: string;
}

/**
 * Lets the gradient of a kernel run as one kernel on backends that have it; on others, and for what is not float32, it stays
 * the stock one. Gradients of the gradient are those of the stock one.
 */
export function fuseGradient(kernelName: string, { kernel, saved: names, input }: FusedGradient): void {
  const stock = tf.getGradient(kernelName);
  const composed = ([dy, ...saved]: tf.Tensor[], attributes: tf.NamedAttrMap): tf.Tensor =>
    stock.gradFunc(dy!, saved, attributes)[input]!();

  tf.unregisterGradient(kernelName);
  tf.registerGradient({
    ...stock,
    gradFunc: (dy, saved, attributes) => {
      const tensors = [dy as tf.Tensor, ...saved];
      const isFused = tf.getKernel(kernel, tf.getBackend()) && tensors.every(({ dtype }) => dtype === 'float32');
      if (!isFused) return stock.gradFunc(dy, saved, attributes);
      const inputs = Object.fromEntries([['dy', dy], ...names.map((name, i) => [name, saved[i]])]);
      return { [input]: () => tf.engine().runKernel(kernel, inputs as tf.NamedTensorMap, attributes) as tf.Tensor };
    },
  });
  tf.registerGradient({
    kernelName: kernel,
    inputsToSave: ['dy', ...names],
    gradFunc: (ddx, tensors, attributes) => {
      const { grads } = tf.engine().gradients(() => composed(tensors, attributes), tensors, ddx as tf.Tensor, true);
      const nameOf = (i: number) => (i === 0 ? 'dy' : names[i - 1]!);
      return Object.fromEntries(tensors.map((tensor, i) => [nameOf(i), () => grads[i] ?? tf.zerosLike(tensor)]));
    },
  });
}
