import { type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { WasmHeap } from '../WasmHeap.js';

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
  const ofUnits = FLOAT * batch * units;
  const [hiddenAt, cellsAt, activationsAt] = [heap.address(hidden), heap.address(cells), heap.address(activations)];
  const kernelAt = heap.address(kernel);
  copy(heap, heap.address(x), activationsAt, 4 * time * ofUnits);
  heap.bytes.fill(0, cellsAt, cellsAt + (time && ofUnits));
  for (let step = 0; step < time; step++) {
    const [h, c, gates] = [hiddenAt + step * ofUnits, cellsAt + step * ofUnits, activationsAt + 4 * step * ofUnits];
    const before = step === 0 ? c : c - ofUnits;
    if (step > 0) product(h - ofUnits, kernelAt, gates, batch, 4 * units, units, { accumulate: true });
    heap.module.lstmCell(gates, before, h, c, gates, batch, units);
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
  const [dx, dkernel] = [heap.allocate(activations!.shape), heap.allocate(kernel!.shape)];
  const [change, dcell, zeros] = [0, 1, 2].map(() => heap.allocate([batch, units])) as [
    TensorInfo,
    TensorInfo,
    TensorInfo,
  ];
  const product = productOf(heap);
  const ofUnits = FLOAT * batch * units;
  const [dhAt, cellsAt, activationsAt] = [heap.address(dh!), heap.address(cells!), heap.address(activations!)];
  const [dxAt, hiddenAt, kernelAt] = [heap.address(dx), heap.address(hidden!), heap.address(kernel!)];
  const [changeAt, dcellAt, zerosAt] = [heap.address(change), heap.address(dcell), heap.address(zeros)];
  for (const address of [dcellAt, zerosAt]) heap.bytes.fill(0, address, address + ofUnits);
  for (let step = time - 1; step >= 0; step--) {
    const [c, gates, dgates] = [cellsAt, activationsAt, dxAt].map((at, i) => at + (i ? 4 : 1) * step * ofUnits) as [
      number,
      number,
      number,
    ];
    copy(heap, dhAt + step * ofUnits, changeAt, ofUnits);
    const isLast = step === time - 1;
    if (!isLast) {
      const next = dgates + 4 * ofUnits;
      product(next, kernelAt, changeAt, batch, units, 4 * units, { transposeB: true, accumulate: true });
    }
    const before = step === 0 ? zerosAt : c - ofUnits;
    heap.module.lstmCellGradient(changeAt, dcellAt, gates, before, c, dgates, dcellAt, batch, units);
  }
  const rows = Math.max(0, time - 1) * batch;
  product(hiddenAt, dxAt + 4 * ofUnits, heap.address(dkernel), units, 4 * units, rows, { transposeA: true });
  for (const { dataId } of [change, dcell, zeros]) heap.backend.disposeData(dataId);
  return [dx, dkernel];
};

function copy(heap: WasmHeap, from: number, to: number, bytes: number): void {
  heap.bytes.copyWithin(to, from, from + bytes);
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
