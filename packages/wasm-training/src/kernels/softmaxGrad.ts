import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { checkSameFloats } from './checkSameFloats.js';

/** `SoftmaxGrad`: dx = y · (dy − Σ dy · y), with sums over the last axis. Inputs dy and y of one shape. */
export const softmaxGrad: Kernel = (heap, inputs) => {
  const { dy, y } = inputs;
  checkSameFloats('SoftmaxGrad', [dy!, y!]);
  const dx = heap.allocate(y!.shape);
  const columns = y!.shape[y!.shape.length - 1]!;
  const rows = columns && util.sizeFromShape(y!.shape) / columns;
  heap.module.softmaxGradient(heap.address(dy!), heap.address(y!), heap.address(dx), rows, columns);
  return dx;
};
