import * as tf from '@tensorflow/tfjs';

/**
 * Makes the gradient of the gradient right for a kernel of one input whose gradient is computed from its output.
 *
 * TensorFlow.js puts the saved output on its tape before the kernel that made it, where nothing leads to it from the input:
 * the second derivative of exp is an error, that of x · exp x silently lacks a part. Where gradients are nested the input is
 * saved too, and the output computed again from it when the gradient itself is recorded.
 */
export function connectOutputs(kernelName: string, input: string): void {
  const unconnected = tf.getGradient(kernelName);
  const { outputsToSave, gradFunc } = unconnected;
  tf.unregisterGradient(kernelName);
  tf.registerGradient({
    kernelName,
    outputsToSave,
    get inputsToSave() {
      return tf.engine().state.gradientDepth > 1 ? [input] : [];
    },
    gradFunc: (dy, saved, attributes) => {
      const output = saved[saved.length - 1]!;
      if (saved.length === 1 || !tf.engine().isTapeOn()) return gradFunc(dy, [output], attributes);
      const again = tf.engine().runKernel(kernelName, { [input]: saved[0]! }, attributes) as tf.Tensor;
      return gradFunc(dy, [again], attributes);
    },
  });
}
