import { broadcast_util, type DataType, type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { KernelModule } from '../kernels.generated.js';
import type { WasmHeap } from '../WasmHeap.js';
import { loopsOver, putLoops, SINGLE, stridesOf } from './loops.js';

/** The compiled functions of two numbers. */
type PairFunction = {
  [Name in keyof KernelModule]: Name extends `floats${string}` | `integers${string}` ? Name : never;
}[keyof KernelModule];

/** The compiled function for each dtype of the inputs that has one. */
type PairFunctions = Partial<Record<DataType, PairFunction>>;

/** Bytes of a float32 and of an int32. */
const NUMBER_BYTES = 4;

/** A kernel f(a, b) of the dtype of a and b, which broadcast. It leaves to the stock one the dtypes that `functions` has not. */
export function pairwise(functions: PairFunctions): Kernel {
  return (heap, inputs) => {
    const { a, b } = inputs;
    return overPairs(heap, functions, a!, b!, a!.dtype);
  };
}

/** A comparison of a with b, as `pairwise`; of dtype bool. */
export function comparison(functions: PairFunctions): Kernel {
  return (heap, inputs) => overPairs(heap, functions, inputs.a!, inputs.b!, 'bool');
}

/** A comparison of b with a. */
export function reverseComparison(functions: PairFunctions): Kernel {
  return (heap, inputs) => overPairs(heap, functions, inputs.b!, inputs.a!, 'bool');
}

function overPairs(
  heap: WasmHeap,
  functions: PairFunctions,
  a: TensorInfo,
  b: TensorInfo,
  dtype: DataType,
): TensorInfo | undefined {
  const name = functions[a.dtype];
  if (!name || a.dtype !== b.dtype) return undefined;
  const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const out = heap.allocate(shape, dtype);
  if (util.sizeFromShape(shape) === 0) return out;
  const loops = loopsOver(shape, broadcastStrides(a.shape, shape.length), broadcastStrides(b.shape, shape.length));
  if (loops.length === 0) loops.push(SINGLE);
  const loopsAt = putLoops(heap, loops, NUMBER_BYTES);
  heap.module[name](loopsAt, loops.length, heap.address(a), heap.address(b), heap.address(out));
  return out;
}

/** Distances of the elements along each axis of the broadcast tensor: 0 where the same ones are met again. */
function broadcastStrides(shape: number[], rank: number): number[] {
  const padded = [...new Array<number>(rank - shape.length).fill(1), ...shape];
  return stridesOf(padded).map((stride, axis) => (padded[axis] === 1 ? 0 : stride));
}
