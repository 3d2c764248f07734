import { type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { WasmHeap } from '../WasmHeap.js';
import { type ElementwiseFunction, elementwise } from './elementwise.js';
import { pairwise } from './pairwise.js';

/** The exponents for which products, quotients and roots do. */
const simpleExponents = new Map<number, ElementwiseFunction>([
  [2, 'mapSquare'],
  [3, 'mapCube'],
  [-1, 'mapReciprocal'],
  [0.5, 'mapPowerOfHalf'],
  [-0.5, 'mapPowerOfMinusHalf'],
]);

const anyPower = pairwise({ float32: 'floatsPower' });

/** aᵇ; a and b broadcast. The kernel leaves to the stock one what is not float32. */
export const pow: Kernel = (heap, inputs, attributes) => {
  const [a, b] = [inputs.a!, inputs.b!];
  const exponent = exponentOfAll(heap, a, b);
  if (exponent === 1) return heap.share(a);
  const name = simpleExponents.get(exponent);
  return name ? elementwise(name)(heap, { x: a }, attributes) : anyPower(heap, inputs, attributes);
};

/** The exponent, if it is one for all of a and leaves the shape of a; else NaN. */
function exponentOfAll(heap: WasmHeap, a: TensorInfo, b: TensorInfo): number {
  const isOne = util.sizeFromShape(b.shape) === 1 && b.shape.length <= a.shape.length;
  if (!isOne || a.dtype !== 'float32' || b.dtype !== 'float32') return Number.NaN;
  return heap.floats(b)[0]!;
}
