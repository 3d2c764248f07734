import { type NamedAttrMap, type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { WasmHeap } from '../WasmHeap.js';

/** `SumGrad`: dx of y = Σ x over `axis`: every summand gets dy. Inputs dy, of the size of y, and x. */
export const sumGrad: Kernel = (heap, inputs, attributes) => spreadAxes(heap, inputs.dy!, inputs.x!, attributes, false);

/** `MeanGrad`: dx of the mean of x over `axis`: every one of n numbers gets dy / n. Inputs as those of `SumGrad`. */
export const meanGrad: Kernel = (heap, inputs, attributes) => spreadAxes(heap, inputs.dy!, inputs.x!, attributes, true);

/** dy again and again along the axes; run by run of adjacent axes, from the last one, so that only the last step is large. */
function spreadAxes(
  heap: WasmHeap,
  dy: TensorInfo,
  { shape }: TensorInfo,
  attributes: NamedAttrMap,
  isMean: boolean,
): TensorInfo {
  const axes = util.parseAxisParam(attributes.axis as number | number[], shape);
  const runs = runsOf(axes);
  const count = axes.reduce((product, axis) => product * shape[axis]!, 1);
  let scale = isMean ? 1 / count : 1;
  const spread = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  let values = dy;
  for (const [first, end] of runs) {
    const outer = util.sizeFromShape(spread.slice(0, first));
    const inner = util.sizeFromShape(spread.slice(end));
    const length = util.sizeFromShape(shape.slice(first, end));
    spread.splice(first, end - first, ...shape.slice(first, end));
    const out = heap.allocate([...spread]);
    heap.module.spreadAxis(heap.address(values), heap.address(out), outer, length, inner, scale);
    if (values !== dy) heap.backend.disposeData(values.dataId);
    values = out;
    scale = 1;
  }
  return values;
}

/** The runs of adjacent axes as [first, end), the last one first; an empty run for no axes. */
function runsOf(axes: number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const axis of [...axes].sort((a, b) => b - a)) {
    const run = runs[runs.length - 1];
    if (run?.[0] === axis + 1) run[0] = axis;
    else runs.push([axis, axis + 1]);
  }
  return runs.length > 0 ? runs : [[0, 0]];
}
