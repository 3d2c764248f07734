import { type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { WasmHeap } from '../WasmHeap.js';
import { checkCounts } from './checkCounts.js';

/** Bytes of a float32. */
const FLOAT = 4;

/**
 * `LstmSequence`: cells of long short-term memory over a sequence, from h₀ = c₀ = 0. The gates of each step are xₜ + hₜ₋₁ U; what
 * a cell makes of them is that of `LstmCell`.
 *
 * Inputs x [T, B, 4 U], which is what the gates get from the inputs, bias included, and kernel [U, 4 U]. The gradient is that of
 * hidden: none goes through the other outputs.
 *
 * @returns hidden h₁ … h_T and cells c₁ … c_T, both [T, B, U], and the activations of the gates [T, B, 4 U]
 */
export const lstmSequence: Kernel = (heap, inputs) => {
  const [x, kernel] = [inputs.x!, inputs.kernel!];
  const { time, batch, units } = sizesOf('LstmSequence', x, kernel);
  const [hidden, cells] = [heap.allocate([time, batch, units]), heap.allocate([time, batch, units])];
  const activations = heap.allocate(x.shape);
  const product = productOf(heap);
  const [h, c, gates] = [stepsOf(heap, hidden), stepsOf(heap, cells), stepsOf(heap, activations)];
  const gatesOfInputs = stepsOf(heap, x);
  heap.bytes.copyWithin(gates(0), gatesOfInputs(0), gatesOfInputs(time));
  if (time > 0) heap.bytes.fill(0, c(0), c(1));
  for (let t = 0; t < time; t++) {
    if (t > 0) product(h(t - 1), heap.address(kernel), gates(t), batch, 4 * units, units, { accumulate: true });
    heap.module.lstmCell(gates(t), c(Math.max(0, t - 1)), h(t), c(t), gates(t), batch, units);
  }
  return [hidden, cells, activations];
};

/**
 * `LstmSequenceGrad`: back through the steps with ∂hₜ = dhₜ + ∂zₜ₊₁ Uᵀ, where ∂zₜ are the gradients at the gates, as in
 * `LstmCellGrad`; then ∂U = Σ hₜ₋₁ᵀ ∂zₜ by one product. Inputs dh [T, B, U], kernel, and the outputs of `LstmSequence`.
 *
 * Werbos, "Backpropagation Through Time: What It Does and How to Do It" (1990), section III.
 *
 * @returns dx [T, B, 4 U] and dkernel [U, 4 U]
 */
export const lstmSequenceGrad: Kernel = (heap, inputs) => {
  const { dh, kernel, hidden, cells, activations } = inputs as Record<string, TensorInfo>;
  const { time, batch, units } = sizesOf('LstmSequenceGrad', activations!, kernel!);
  const count = time * batch * units;
  checkCounts('LstmSequenceGrad', { dh: [dh!, count], hidden: [hidden!, count], cells: [cells!, count] });
  const [dx, dkernel] = [heap.allocate(activations!.shape), heap.allocate(kernel!.shape)];
  const working = heap.allocate([3, batch, units]);
  const product = productOf(heap);
  const [c, gates, dgates] = [stepsOf(heap, cells!), stepsOf(heap, activations!), stepsOf(heap, dx)];
  const [dy, kernelAt] = [stepsOf(heap, dh!), heap.address(kernel!)];
  const [change, dcell, zeros, end] = [0, 1, 2, 3].map(stepsOf(heap, working)) as [number, number, number, number];
  heap.bytes.fill(0, dcell, end);
  for (let t = time - 1; t >= 0; t--) {
    heap.bytes.copyWithin(change, dy(t), dy(t + 1));
    const back = { transposeB: true, accumulate: true };
    if (t < time - 1) product(dgates(t + 1), kernelAt, change, batch, units, 4 * units, back);
    const before = t > 0 ? c(t - 1) : zeros;
    heap.module.lstmCellGradient(change, dcell, gates(t), before, c(t), dgates(t), dcell, batch, units);
  }
  const rows = Math.max(0, time - 1) * batch;
  const all = { transposeA: true };
  product(heap.address(hidden!), dgates(1), heap.address(dkernel), units, 4 * units, rows, all);
  heap.backend.disposeData(working.dataId);
  return [dx, dkernel];
};

/** Where the numbers of each step lie, in a tensor whose first axis is that of time. */
function stepsOf(heap: WasmHeap, tensor: TensorInfo): (step: number) => number {
  const first = heap.address(tensor);
  const bytes = FLOAT * util.sizeFromShape(tensor.shape.slice(1));
  return (step) => first + step * bytes;
}

/** C [m, n] = A [m, k] · B [k, n], at addresses, or C += A · B; either may be stored transposed. */
function productOf(heap: WasmHeap) {
  const { module } = heap;
  const scratch = heap.scratch(module.gemmScratchBytes());
  return (
    a: number,
    b: number,
    c: number,
    m: number,
    n: number,
    k: number,
    { transposeA = false, transposeB = false, accumulate = false },
  ) => {
    const [aRow, aColumn] = transposeA ? [1, m] : [k, 1];
    const [bRow, bColumn] = transposeB ? [1, k] : [n, 1];
    module.gemm(a, aRow!, aColumn!, b, bRow!, bColumn!, c, n, m, n, k, 0, 0, accumulate, scratch);
  };
}

/** @throws Error unless x is float32 [T, B, 4 U] and the kernel float32 [U, 4 U] */
function sizesOf(name: string, x: TensorInfo, kernel: TensorInfo): { time: number; batch: number; units: number } {
  const [time, batch, gates] = x.shape as [number, number, number];
  const units = gates / 4;
  const isRight = x.shape.length === 3 && util.arraysEqual(kernel.shape, [units, gates]);
  if (!isRight || x.dtype !== 'float32' || kernel.dtype !== 'float32') {
    const given = `${x.dtype} [${x.shape}] and ${kernel.dtype} [${kernel.shape}]`;
    throw new Error(`${name} takes float32 gates [T, B, 4 U] and a kernel [U, 4 U], not ${given}.`);
  }
  return { time, batch, units };
}
