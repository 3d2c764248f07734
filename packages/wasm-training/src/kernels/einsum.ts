import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { WasmHeap } from '../WasmHeap.js';
import { matrixProduct } from './matrixProduct.js';
import { reduceAxes } from './reduceAxes.js';
import { sumAxis } from './sumAxis.js';
import { transpose } from './transpose.js';

/** A tensor with a letter for each axis. */
interface Labelled {
  tensor: TensorInfo;
  labels: string;
}

/** Σ over the labels that the output lacks of the product of one or two tensors, such as `bqd,bkd->bqk`. */
export const einsum: Kernel = (heap, inputs, attributes) => {
  const equation = (attributes.equation as string).replace(/\s/g, '');
  const tensors = Object.values(inputs);
  const other = tensors.find(({ dtype }) => dtype !== 'float32');
  if (other) throw new Error(`einsum on the wasm backend takes float32 tensors, not ${other.dtype}.`);
  const { allDims, idDims } = backend_util.decodeEinsumEquation(equation, tensors.length);
  backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as never);
  const [terms, out] = equation.split('->') as [string, string];
  const labels = terms.split(',');
  const made: TensorInfo[] = [];
  const keep = (tensor: TensorInfo) => {
    made.push(tensor);
    return tensor;
  };
  const [a, b] = tensors.map((tensor, i): Labelled => {
    const others = out + labels.filter((_, other) => other !== i).join('');
    return sumOver(heap, { tensor, labels: labels[i]! }, lacking(labels[i]!, others), keep);
  }) as [Labelled, Labelled?];
  const result = b ? product(heap, a, b, out, keep) : a;
  const y = inOrder(heap, result, out);
  for (const { dataId } of made) heap.backend.disposeData(dataId);
  return y;
};

type Keep = (tensor: TensorInfo) => TensorInfo;

function sumOver(heap: WasmHeap, x: Labelled, summed: string, keep: Keep): Labelled {
  if (!summed) return x;
  const axis = [...summed].map((label) => x.labels.indexOf(label));
  const tensor = reduceAxes(heap, x.tensor, { axis }, (from, to, outer, length, inner) =>
    sumAxis(heap, from, to, outer, length, inner, 1),
  );
  return { tensor: keep(tensor), labels: lacking(x.labels, summed) };
}

/** One matrix product for each element of the labels that both tensors and the output have. */
function product(heap: WasmHeap, a: Labelled, b: Labelled, out: string, keep: Keep): Labelled {
  const batch = common(out, common(a.labels, b.labels));
  const summed = lacking(common(a.labels, b.labels), out);
  const [rows, columns] = [lacking(common(out, a.labels), batch), lacking(common(out, b.labels), batch)];
  const matrices = (x: Labelled, first: string, second: string) => {
    const tensor = keep(inOrder(heap, x, batch + first + second));
    const size = (labels: string) => util.sizeFromShape(sizesOf(x, labels));
    return { ...tensor, shape: [size(batch), size(first), size(second)] };
  };
  const transposeA = a.labels === batch + summed + rows;
  const transposeB = b.labels === batch + columns + summed;
  const tensor = matrixProduct(
    heap,
    transposeA ? matrices(a, summed, rows) : matrices(a, rows, summed),
    transposeB ? matrices(b, columns, summed) : matrices(b, summed, columns),
    { transposeA, transposeB },
  );
  const shape = [...sizesOf(a, batch + rows), ...sizesOf(b, columns)];
  return { tensor: { ...keep(tensor), shape }, labels: batch + rows + columns };
}

/** The tensor with its axes in the order of these labels; it shares the data where nothing moves. */
function inOrder(heap: WasmHeap, { tensor, labels }: Labelled, order: string): TensorInfo {
  const perm = [...order].map((label) => labels.indexOf(label));
  return transpose(heap, { x: tensor }, { perm }) as TensorInfo;
}

function sizesOf({ tensor, labels }: Labelled, wanted: string): number[] {
  return [...wanted].map((label) => tensor.shape[labels.indexOf(label)]!);
}

/** The labels of `labels` that are among `others` too. */
function common(labels: string, others: string): string {
  return [...labels].filter((label) => others.includes(label)).join('');
}

/** The labels of `labels` that are not among `others`. */
function lacking(labels: string, others: string): string {
  return [...labels].filter((label) => !others.includes(label)).join('');
}
