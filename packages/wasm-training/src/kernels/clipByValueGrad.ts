import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { checkSameFloats } from './checkSameFloats.js';

/** `ClipByValueGrad`: dx = dy where clipValueMin ≤ x ≤ clipValueMax, else 0. Inputs dy and x of one shape. */
export const clipByValueGrad: Kernel = (heap, inputs, attributes) => {
  const { dy, x } = inputs;
  const { clipValueMin, clipValueMax } = attributes as { clipValueMin: number; clipValueMax: number };
  checkSameFloats('ClipByValueGrad', [dy!, x!]);
  const dx = heap.allocate(x!.shape);
  const count = util.sizeFromShape(x!.shape);
  heap.module.clipGradient(heap.address(dy!), heap.address(x!), heap.address(dx), count, clipValueMin, clipValueMax);
  return dx;
};
