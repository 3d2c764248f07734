import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { KernelModule } from '../kernels.generated.js';
import { checkSameFloats } from './checkSameFloats.js';

/** The compiled gradients of functions of one number. */
type GradientFunction = {
  [Name in keyof KernelModule]: Name extends `gradientOf${string}` ? Name : never;
}[keyof KernelModule];

/**
 * A kernel dx = dy · f′, element by element, for a compiled function.
 * @param saved what f′ is computed from: `x`, or `y` = f(x)
 */
export function elementwiseGradient(kernelName: string, name: GradientFunction, saved: 'x' | 'y'): Kernel {
  return (heap, inputs) => {
    const { dy, [saved]: values } = inputs;
    checkSameFloats(kernelName, [dy!, values!]);
    const dx = heap.allocate(dy!.shape);
    heap.module[name](heap.address(dy!), heap.address(values!), heap.address(dx), util.sizeFromShape(dy!.shape));
    return dx;
  };
}
