import type { NativeKernel } from './NativeKernel.js';
import { Ops } from './Ops.js';

/**
 * Position of each value in the rising sequence of its row, before (`left`) or after (`right`) what equals it.
 *
 * tfjs-node has no such kernel; TensorFlow has the ops.
 *
 * @returns int32, the shape of the values
 */
export const searchSorted: NativeKernel = (backend, { sortedSequence, values }, { side }) => {
  const ops = new Ops(backend);
  const types = [
    ops.type('T', backend.getDTypeInteger(sortedSequence!.dtype)),
    ops.type('out_type', backend.binding.TF_INT32),
  ];
  return ops.output(side === 'left' ? 'LowerBound' : 'UpperBound', types, [ops.id(sortedSequence!), ops.id(values!)]);
};
