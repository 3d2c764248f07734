import { type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';

/**
 * `LstmCell`: one step of a cell of long short-term memory.
 *
 *     newCell = σ(f) · cell + σ(i) · tanh(c),   h = σ(o) · tanh(newCell)
 *
 * Inputs gates [B, 4 U], which are i, f, c, o before their activations, side by side as in Keras, and cell [B, U]. The gradient
 * is that of h and newCell: none goes through the activations.
 *
 * Gers, Schmidhuber and Cummins, "Learning to Forget" (2000), eqs. 3 to 8.
 *
 * @returns h [B, U], newCell [B, U] and the activations σ(i), σ(f), tanh(c), σ(o) [B, 4 U]
 */
export const lstmCell: Kernel = (heap, inputs) => {
  const { gates, cell } = inputs;
  const [batch, units] = cell!.shape as [number, number];
  checkShapes('LstmCell', cell!.shape, { cell: cell! }, { gates: gates! });
  const [h, newCell] = [heap.allocate(cell!.shape), heap.allocate(cell!.shape)];
  const activations = heap.allocate(gates!.shape);
  heap.module.lstmCell(
    heap.address(gates!),
    heap.address(cell!),
    heap.address(h),
    heap.address(newCell),
    heap.address(activations),
    batch,
    units,
  );
  return [h, newCell, activations];
};

/**
 * `LstmCellGrad`: with i, f, c, o after their activations, t = tanh(newCell) and δ = dNewCell + dh · o (1 − t²),
 *
 *     di = δ c i (1 − i),   df = δ cell f (1 − f),   dc = δ i (1 − c²),   do = dh t o (1 − o),   dcell = δ f
 *
 * Inputs dh, dNewCell, cell and newCell [B, U], activations [B, 4 U].
 *
 * @returns dgates [B, 4 U] and dcell [B, U]
 */
export const lstmCellGrad: Kernel = (heap, inputs) => {
  const { dh, dNewCell, activations, cell, newCell } = inputs as Record<string, TensorInfo>;
  const [batch, units] = cell!.shape as [number, number];
  const ofUnits = { dh: dh!, dNewCell: dNewCell!, cell: cell!, newCell: newCell! };
  checkShapes('LstmCellGrad', cell!.shape, ofUnits, { activations: activations! });
  const [dgates, dcell] = [heap.allocate(activations!.shape), heap.allocate(cell!.shape)];
  heap.module.lstmCellGradient(
    heap.address(dh!),
    heap.address(dNewCell!),
    heap.address(activations!),
    heap.address(cell!),
    heap.address(newCell!),
    heap.address(dgates),
    heap.address(dcell),
    batch,
    units,
  );
  return [dgates, dcell];
};

/** @throws Error unless all are float32, those of the units [B, U] as the cell, and those of the gates [B, 4 U] */
function checkShapes(
  kernel: string,
  shape: number[],
  ofUnits: Record<string, TensorInfo>,
  ofGates: Record<string, TensorInfo>,
): void {
  const [batch, units] = shape;
  if (shape.length !== 2) throw new Error(`${kernel} takes a cell of two axes, not [${shape}].`);
  const check = (tensors: Record<string, TensorInfo>, expected: number[]) => {
    for (const [name, tensor] of Object.entries(tensors)) {
      if (tensor.dtype !== 'float32' || !util.arraysEqual(tensor.shape, expected)) {
        const given = `${tensor.dtype} [${tensor.shape}]`;
        throw new Error(`${kernel} takes a float32 ${name} [${expected}] for a cell [${shape}], not ${given}.`);
      }
    }
  };
  check(ofUnits, shape);
  check(ofGates, [batch!, 4 * units!]);
}
