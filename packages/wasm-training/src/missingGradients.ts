import * as tf from '@tensorflow/tfjs';

/** Gradients that TensorFlow.js does not have on any backend, made of kernels that have gradients themselves. */
const gradients: tf.GradConfig[] = [
  constant('Greater', ['a', 'b']),
  constant('NotEqual', ['a', 'b']),
  constant('Any', ['x']),
  {
    kernelName: 'Conv3DBackpropInputV2',
    inputsToSave: ['dy', 'filter'],
    gradFunc: (ddx, saved, attributes) => {
      const [dy, filter] = saved as [tf.Tensor, tf.Tensor];
      const { strides, pad } = attributes;
      const { shape: filterShape } = filter;
      const convolve = { strides, pad, dataFormat: 'NDHWC', dilations: [1, 1, 1] };
      return {
        dy: () => tf.engine().runKernel('Conv3D', { x: ddx as tf.Tensor, filter }, convolve) as tf.Tensor,
        filter: () =>
          tf
            .engine()
            .runKernel(
              'Conv3DBackpropFilterV2',
              { x: ddx as tf.Tensor, dy },
              { strides, pad, filterShape },
            ) as tf.Tensor,
      };
    },
  },
  {
    kernelName: 'Einsum',
    saveAllInputs: true,
    gradFunc: (dy, saved, { equation }) => {
      const [terms, out] = (equation as string).replace(/\s/g, '').split('->') as [string, string];
      const labels = terms.split(',');
      return Object.fromEntries(
        saved.map((x, i) => {
          const others = [out, ...labels.filter((_, other) => other !== i)];
          const factors = [dy as tf.Tensor, ...saved.filter((_, other) => other !== i)];
          return [i, () => spread(x, labels[i]!, others, factors)];
        }),
      );
    },
  },
];

/** Lets these kernels have gradients; those that have one by now keep it. */
export function addMissingGradients(): void {
  for (const gradient of gradients) if (!tf.getGradient(gradient.kernelName)) tf.registerGradient(gradient);
}

/** The gradient of a kernel whose results are steps: zero. */
function constant(kernelName: string, inputs: string[]): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: inputs,
    gradFunc: (_, saved) => Object.fromEntries(inputs.map((input, i) => [input, () => tf.zeros(saved[i]!.shape)])),
  };
}

/** Σ of the product of the factors, for each element of x: the same along axes of x that no factor has. */
function spread({ shape }: tf.Tensor, labels: string, others: string[], factors: tf.Tensor[]): tf.Tensor {
  const kept = [...labels].filter((label) => others.some((other) => other.includes(label)));
  const sums = tf.einsum(`${others.join(',')}->${kept.join('')}`, ...factors);
  const aligned = [...labels].map((label, axis) => (kept.includes(label) ? shape[axis]! : 1));
  return tf.broadcastTo(tf.reshape(sums, aligned), shape);
}
