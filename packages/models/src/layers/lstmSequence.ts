import * as tf from '@tensorflow/tfjs';
import { type LstmState, lstmCell, lstmCellGradient } from './lstmCell.js';
import { runFused } from './runFused.js';

/**
 * Runs cells of long short-term memory over a sequence: gates `zₜ = xₜ + hₜ₋₁ U` into a cell, from h₀ = c₀ = 0.
 *
 * @param inputs x, what the gates get from the inputs, bias included: [time, batch, 4 · units]
 * @param recurrentKernel U [units, 4 · units]
 * @returns h of the last step [batch, units]
 * @throws Error where a gradient of its gradient is asked for, unless the backend has a kernel for the sequence
 */
export function lstmSequence(inputs: tf.Tensor, recurrentKernel: tf.Tensor): tf.Tensor {
  const [hidden] = runFused('LstmSequence', { x: inputs, kernel: recurrentKernel }) ?? [];
  if (!hidden) return composed(inputs, recurrentKernel);
  const [time, batch, units] = hidden.shape as [number, number, number];
  return tf.slice(hidden, [time - 1, 0, 0], [1, batch, units]).reshape([batch, units]);
}

/**
 * The same by the kernels that all backends have. Its gradient is written out: back through the steps with `∂hₜ₋₁ = ∂zₜ Uᵀ`, and
 * then `∂U = Σ hₜ₋₁ᵀ ∂zₜ` by one product for all of them, where that of TensorFlow.js makes and adds one for each step.
 *
 * Werbos, Backpropagation Through Time, 1990, section III.
 */
function composed(inputs: tf.Tensor, recurrentKernel: tf.Tensor): tf.Tensor {
  const sequence = tf.customGrad((...args) => {
    const [x, kernel, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const states = statesOf(x, kernel);
    save([kernel, ...states.flatMap(({ hidden, cell, activations }) => [hidden, cell, activations])]);
    const gradFunc = (dy: tf.Tensor, [kernel, ...saved]: tf.Tensor[]) => {
      // What is saved is not on the tape, and what led through it would be missing.
      if (tf.engine().isTapeOn()) throw new Error('Lstm has no gradient of its gradient; use tf.layers.lstm for one.');
      const states = Array.from({ length: saved.length / 3 }, (_, step): LstmState => {
        const [hidden, cell, activations] = saved.slice(3 * step) as [tf.Tensor, tf.Tensor, tf.Tensor];
        return { hidden, cell, activations };
      });
      return backward(dy, kernel!, states);
    };
    return { value: states.at(-1)!.hidden, gradFunc };
  });
  return sequence(inputs, recurrentKernel);
}

/** What the cells hand on, step by step. */
function statesOf(inputs: tf.Tensor, recurrentKernel: tf.Tensor): LstmState[] {
  const [first, ...others] = tf.unstack(inputs) as [tf.Tensor, ...tf.Tensor[]];
  const states = [lstmCell(first, tf.zeros([first.shape[0]!, recurrentKernel.shape[0]!]))];
  for (const gates of others) {
    const { hidden, cell } = states.at(-1)!;
    states.push(lstmCell(tf.add(gates, tf.matMul(hidden, recurrentKernel)), cell));
  }
  return states;
}

/** Gradients at the inputs and at the recurrent kernel. */
function backward(dy: tf.Tensor, recurrentKernel: tf.Tensor, states: LstmState[]): [tf.Tensor, tf.Tensor] {
  const zeros = tf.zerosLike(dy);
  const gates: tf.Tensor[] = [];
  let change = { hidden: dy, cell: zeros };
  for (let step = states.length - 1; step >= 0; step--) {
    const gradient = lstmCellGradient(change, states[step]!, states[step - 1]?.cell ?? zeros);
    gates.unshift(gradient.gates);
    if (step > 0) {
      change = { hidden: tf.matMul(gradient.gates, recurrentKernel, false, true), cell: gradient.before };
    }
  }
  return [tf.stack(gates), kernelGradient(states, gates, recurrentKernel)];
}

function kernelGradient(states: LstmState[], gates: tf.Tensor[], recurrentKernel: tf.Tensor): tf.Tensor {
  if (states.length === 1) return tf.zerosLike(recurrentKernel);
  const before = tf.concat(states.slice(0, -1).map(({ hidden }) => hidden));
  return tf.matMul(before, tf.concat(gates.slice(1)), true, false);
}
