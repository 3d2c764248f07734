import * as tf from '@tensorflow/tfjs';

/** How the gradient of a kernel is computed by one kernel, in place of several. */
export interface FusedGradient {
  /** The kernel that computes it from `dy` and what the stock gradient saves. */
  readonly kernel: string;
  /** What the kernel calls the saved tensors, in the order in which they are saved. */
  readonly saved: readonly string[];
  /** The inputs that the results of the kernel are the gradients for, in their order. */
  readonly inputs: readonly string[];
}

/**
 * Lets the gradient of a kernel run as one kernel on backends that have it. It stays the stock one on other backends, for what
 * is not float32, and where it is to be differentiated itself: that one consists of kernels that have gradients.
 */
export function fuseGradient(kernelName: string, { kernel, saved: names, inputs }: FusedGradient): void {
  const stock = tf.getGradient(kernelName);
  tf.unregisterGradient(kernelName);
  tf.registerGradient({
    ...stock,
    gradFunc: (dy, saved, attributes) => {
      const isFused =
        tf.getKernel(kernel, tf.getBackend()) &&
        !tf.engine().isTapeOn() &&
        [dy as tf.Tensor, ...saved].every((tensor) => tensor?.dtype === 'float32');
      if (!isFused) return stock.gradFunc(dy, saved, attributes);
      const tensors = Object.fromEntries([['dy', dy], ...names.map((name, i) => [name, saved[i]])]);
      const results = [tf.engine().runKernel(kernel, tensors, attributes)].flat();
      return Object.fromEntries(inputs.map((input, i) => [input, () => results[i]!]));
    },
  });
}
