import { type NamedAttrMap, type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { WasmHeap } from '../WasmHeap.js';
import { axisRuns, numbersAround, reducedAxes } from './axisRuns.js';
import { checkCounts } from './checkCounts.js';

/** `SumGrad`: dx of y = Σ x over `axis`: every summand gets dy. Inputs dy, of the size of y, and x. */
export const sumGrad: Kernel = (heap, inputs, attributes) => spreadAxes(heap, inputs.dy!, inputs.x!, attributes, false);

/** `MeanGrad`: dx of the mean of x over `axis`: every one of n numbers gets dy / n. Inputs as those of `SumGrad`. */
export const meanGrad: Kernel = (heap, inputs, attributes) => spreadAxes(heap, inputs.dy!, inputs.x!, attributes, true);

/** dy again and again along the axes; run by run of adjacent axes, from the last one, so that only the last step is large. */
export function spreadAxes(
  heap: WasmHeap,
  dy: TensorInfo,
  { shape }: TensorInfo,
  attributes: NamedAttrMap,
  isMean: boolean,
): TensorInfo {
  const axes = reducedAxes(shape, attributes);
  const count = axes.reduce((product, axis) => product * shape[axis]!, 1);
  const kept = shape.filter((_, axis) => !axes.includes(axis));
  checkCounts('The gradient of a reduction', { dy: [dy, util.sizeFromShape(kept)] });
  let scale = isMean ? 1 / count : 1;
  const spread = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  let values = dy;
  for (const run of axisRuns(axes)) {
    const [first, end] = run;
    spread.splice(first, end - first, ...shape.slice(first, end));
    const { outer, length, inner } = numbersAround(run, spread);
    const out = heap.allocate([...spread]);
    heap.module.spreadAxis(heap.address(values), heap.address(out), outer, length, inner, scale);
    if (values !== dy) heap.backend.disposeData(values.dataId);
    values = out;
    scale = 1;
  }
  return values;
}
