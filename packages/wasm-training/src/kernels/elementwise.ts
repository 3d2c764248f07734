import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { KernelModule } from '../kernels.generated.js';

/** The compiled functions of one array. */
export type ElementwiseFunction = {
  [Name in keyof KernelModule]: Name extends `map${string}` ? Name : never;
}[keyof KernelModule];

/**
 * A kernel y = f(x), element by element, for a compiled function.
 * The kernel leaves to the stock one what is not float32.
 */
export function elementwise(name: ElementwiseFunction): Kernel {
  return (heap, inputs) => {
    const x = inputs.x!;
    if (x.dtype !== 'float32') return undefined;
    const y = heap.allocate(x.shape);
    heap.module[name](heap.address(x), heap.address(y), util.sizeFromShape(x.shape));
    return y;
  };
}
