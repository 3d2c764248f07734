import * as tf from '@tensorflow/tfjs';

/** Optimiser state of one variable, as TensorFlow.js keeps it. */
export interface Slot {
  originalName: string;
  variable: tf.Variable;
}

/** What `applyGradients` takes: gradients by the names of their variables. */
export type VariableGradients = Parameters<tf.AdamOptimizer['applyGradients']>[0];

/** A variable and its gradient, if it has one. */
export interface VariableUpdate {
  variable: tf.Variable;
  gradient: tf.Tensor | undefined;
}

/** Whether the current backend has this kernel. */
export function canRun(kernel: string): boolean {
  return Boolean(tf.getKernel(kernel, tf.getBackend()));
}

/**
 * The variables of an `applyGradients` call with their gradients, in its order.
 *
 * @throws Error if a name is no variable's, or a gradient and its variable are not float32 of one shape
 */
export function gradientsByVariable(gradients: VariableGradients): VariableUpdate[] {
  const entries = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
  return entries.map(({ name, tensor }) => {
    const variable = tf.engine().registeredVariables[name];
    if (!variable) throw new Error(`there is no variable '${name}'; give gradients by the names of their variables.`);
    if (tensor) checkAlike(variable, tensor);
    return { variable, gradient: tensor };
  });
}

/** Updates as `applyGradients` takes them. */
export function namedGradients(updates: VariableUpdate[]): VariableGradients {
  return updates.map(({ variable, gradient }) => ({ name: variable.name, tensor: gradient })) as VariableGradients;
}

function checkAlike(variable: tf.Variable, gradient: tf.Tensor): void {
  const isFloat = variable.dtype === 'float32' && gradient.dtype === 'float32';
  if (isFloat && tf.util.arraysEqual(variable.shape, gradient.shape)) return;
  const [own, given] = [variable, gradient].map(({ dtype, shape }) => `${dtype} [${shape}]`);
  throw new Error(`the variable ${variable.name} is ${own}, its gradient ${given}; both must be float32 of one shape.`);
}

/** The i-th slot, made of zeros at its first use. */
export function slotOf(slots: Slot[], i: number, variable: tf.Variable, suffix: string): tf.Variable {
  slots[i] ??= {
    originalName: `${variable.name}/${suffix}`,
    variable: tf.tidy(() => tf.zerosLike(variable).variable(false)),
  };
  return slots[i].variable;
}
