import { broadcast_util, type TensorInfo, util } from '@tensorflow/tfjs';
import type { WasmHeap } from '../WasmHeap.js';

/** What the product's last pass does to its elements; the numbers are those of assembly/gemm.ts. */
export const ACTIVATIONS = { linear: 0, relu: 1, relu6: 2 } as const;

export interface MatrixProductOptions {
  transposeA?: boolean;
  transposeB?: boolean;
  /** [n] */
  bias?: TensorInfo;
  activation?: keyof typeof ACTIVATIONS;
}

/**
 * activation(A · B + bias) for every matrix of the batch; the batches broadcast against each other.
 * @param a [...batchA, m, k], or [...batchA, k, m] if transposed
 * @param b [...batchB, k, n], or [...batchB, n, k] if transposed
 * @returns [...batch, m, n]
 */
export function matrixProduct(heap: WasmHeap, a: TensorInfo, b: TensorInfo, options: MatrixProductOptions): TensorInfo {
  const { transposeA = false, transposeB = false, bias, activation = 'linear' } = options;
  const [m, k] = matrixShape(a, transposeA);
  const [depth, n] = matrixShape(b, transposeB);
  checkFloat32(a, b, ...(bias ? [bias] : []));
  if (k !== depth) {
    throw new Error(
      `matMul of [${a.shape}]${transposeA ? ' transposed' : ''} and [${b.shape}]${transposeB ? ' transposed' : ''}: ` +
        `the inner sizes ${k} and ${depth} differ.`,
    );
  }
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== n)) {
    throw new Error(`The bias of a fused matMul must have shape [${n}], not [${bias.shape}].`);
  }
  const batchA = a.shape.slice(0, -2);
  const batchB = b.shape.slice(0, -2);
  const batch = broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
  const { module } = heap;
  const scratch = heap.scratch(module.gemmScratchBytes());
  const out = heap.allocate([...batch, m, n]);
  if (util.sizeFromShape(out.shape) === 0) return out;

  const [aRow, aColumn] = transposeA ? [1, m] : [k, 1];
  const [bRow, bColumn] = transposeB ? [1, k] : [n, 1];
  const biasAddress = bias ? heap.address(bias) : 0;
  const multiply = (aIndex: number, bIndex: number, outIndex: number, rows: number) =>
    module.gemm(
      heap.address(a) + 4 * aIndex * m * k,
      aRow,
      aColumn,
      heap.address(b) + 4 * bIndex * k * n,
      bRow,
      bColumn,
      heap.address(out) + 4 * outIndex * m * n,
      n,
      rows,
      n,
      k,
      biasAddress,
      ACTIVATIONS[activation],
      false,
      scratch,
    );

  const count = util.sizeFromShape(batch);
  // Rows of A that meet the same B are one tall matrix.
  if (!transposeA && util.sizeFromShape(batchA) === count && util.sizeFromShape(batchB) === 1) {
    multiply(0, 0, 0, count * m);
    return out;
  }
  const indexA = broadcastIndex(batchA, batch);
  const indexB = broadcastIndex(batchB, batch);
  for (let i = 0; i < count; i++) multiply(indexA(i), indexB(i), i, m);
  return out;
}

function matrixShape({ shape }: TensorInfo, transpose: boolean): [number, number] {
  const rows = shape[shape.length - 2]!;
  const columns = shape[shape.length - 1]!;
  return transpose ? [columns, rows] : [rows, columns];
}

function checkFloat32(...tensors: TensorInfo[]): void {
  for (const { dtype } of tensors) {
    if (dtype !== 'float32') throw new Error(`matMul on the wasm backend takes float32 tensors, not ${dtype}.`);
  }
}

/** Maps the position of a matrix in the broadcast batch to its position in `from`. */
function broadcastIndex(from: number[], to: number[]): (index: number) => number {
  const size = util.sizeFromShape(from);
  if (size === 1) return () => 0;
  if (size === util.sizeFromShape(to)) return (index) => index;
  const padded = [...new Array<number>(to.length - from.length).fill(1), ...from];
  return (index) => {
    let position = 0;
    let stride = 1;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      if (padded[axis] !== 1) {
        position += (index % to[axis]!) * stride;
        stride *= padded[axis]!;
      }
      index = Math.floor(index / to[axis]!);
    }
    return position;
  };
}
