import * as tf from '@tensorflow/tfjs';

/** Optimiser state of one variable, as TensorFlow.js keeps it. */
export interface Slot {
  originalName: string;
  variable: tf.Variable;
}

/** What `applyGradients` takes: gradients by the names of their variables. */
export type VariableGradients = Parameters<tf.AdamOptimizer['applyGradients']>[0];

/** Whether the current backend has this kernel. */
export function canRun(kernel: string): boolean {
  return Boolean(tf.getKernel(kernel, tf.getBackend()));
}

/** The variables of an `applyGradients` call with their gradients, in its order. */
export function gradientsByVariable(
  gradients: VariableGradients,
): { variable: tf.Variable; gradient: tf.Tensor | undefined }[] {
  const entries = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
  return entries.map(({ name, tensor }) => ({ variable: tf.engine().registeredVariables[name]!, gradient: tensor }));
}

/** The i-th slot, made of zeros at its first use. */
export function slotOf(slots: Slot[], i: number, variable: tf.Variable, suffix: string): tf.Variable {
  slots[i] ??= {
    originalName: `${variable.name}/${suffix}`,
    variable: tf.tidy(() => tf.zerosLike(variable).variable(false)),
  };
  return slots[i].variable;
}
