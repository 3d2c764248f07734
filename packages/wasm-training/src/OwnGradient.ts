import * as tf from '@tensorflow/tfjs';

/** The gradient of a kernel that TensorFlow.js does not know. */
export interface OwnGradient {
  /** The kernel that computes it. Its results are the gradients for the `inputs`, in their order. */
  readonly kernel: string;
  /** All inputs of the kernel itself. */
  readonly inputs: readonly string[];
  /** Those of its inputs that the gradient needs. */
  readonly savedInputs: readonly string[];
  /** What the gradient calls those of the outputs that it needs; undefined for the others. */
  readonly savedOutputs: readonly (string | undefined)[];
  /** What the gradient calls the gradients with respect to the first outputs; none goes through the other outputs. */
  readonly outputGradients: readonly string[];
  /** The first outputs again, by kernels that have gradients: what a gradient of the gradient is made from. */
  readonly composed: (inputs: Record<string, tf.Tensor>, attributes: tf.NamedAttrMap) => tf.Tensor[];
}

/** Lets `kernelName` have a gradient, and gradients of it. */
export function registerOwnGradient(kernelName: string, gradient: OwnGradient): void {
  const { kernel, inputs, savedInputs, savedOutputs, outputGradients } = gradient;
  const outputs = savedOutputs.filter((name) => name !== undefined);
  tf.registerGradient({
    kernelName,
    outputsToSave: savedOutputs.map((name) => name !== undefined),
    get inputsToSave() {
      const isNested = tf.engine().state.gradientDepth > 1;
      return [...(isNested ? inputs : savedInputs)];
    },
    gradFunc: (dy, saved, attributes) => {
      const dys = [dy].flat().slice(0, outputGradients.length);
      const hasAllInputs = saved.length === inputs.length + outputs.length;
      const tensors = byName([...(hasAllInputs ? inputs : savedInputs), ...outputs], saved);
      const results =
        hasAllInputs && tf.engine().isTapeOn()
          ? composedGradients(gradient, tensors, dys, attributes)
          : (tf.engine().runKernel(kernel, { ...tensors, ...byName(outputGradients, dys) }, attributes) as
              | tf.Tensor
              | tf.Tensor[]);
      const list = [results].flat();
      return Object.fromEntries(inputs.map((input, i) => [input, () => list[i]!]));
    },
  });
}

function composedGradients(
  { inputs, composed }: OwnGradient,
  tensors: Record<string, tf.Tensor>,
  dys: tf.Tensor[],
  attributes: tf.NamedAttrMap,
): tf.Tensor[] {
  const sumOfProducts = () =>
    tf.addN(composed(tensors, attributes).map((output, i) => tf.sum(tf.mul(output, dys[i]!))));
  const xs = inputs.map((input) => tensors[input]!);
  return tf.engine().gradients(sumOfProducts, xs, undefined, true).grads;
}

function byName(names: readonly string[], tensors: tf.Tensor[]): Record<string, tf.Tensor> {
  return Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
}
