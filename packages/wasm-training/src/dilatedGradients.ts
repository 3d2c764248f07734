import * as tf from '@tensorflow/tfjs';

/** The convolutions whose gradients TensorFlow.js refuses where they are dilated, and the kernels that compute those. */
const convolutions: Record<string, { input: string; filter: string }> = {
  Conv2D: { input: 'DilatedConv2DInputGrad', filter: 'DilatedConv2DFilterGrad' },
  DepthwiseConv2dNative: { input: 'DilatedDepthwiseConv2DInputGrad', filter: 'DilatedDepthwiseConv2DFilterGrad' },
};

/** Lets dilated convolutions have gradients on backends that have the kernels for them. */
export function addDilatedGradients(): void {
  for (const [kernelName, kernels] of Object.entries(convolutions)) {
    const stock = tf.getGradient(kernelName);
    tf.unregisterGradient(kernelName);
    tf.registerGradient({
      ...stock,
      gradFunc: (dy, saved, attributes) => {
        const isDilated = [attributes.dilations ?? 1].flat().some((dilation) => dilation !== 1);
        if (!isDilated || !tf.getKernel(kernels.input, tf.getBackend())) return stock.gradFunc(dy, saved, attributes);
        const [x, filter] = saved as [tf.Tensor, tf.Tensor];
        const run = (kernel: string, inputs: tf.NamedTensorMap, shape: tf.NamedAttrMap) =>
          tf.engine().runKernel(kernel, { dy: dy as tf.Tensor, ...inputs }, { ...attributes, ...shape }) as tf.Tensor;
        return {
          x: () => run(kernels.input, { filter }, { inputShape: x.shape }),
          filter: () => run(kernels.filter, { x }, { filterShape: filter.shape }),
        };
      },
    });
  }
}
