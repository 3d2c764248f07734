import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs';
import type { WasmHeap } from '../WasmHeap.js';
import { axisRuns, numbersAround, reducedAxes } from './axisRuns.js';

/** y[o][i] from x[o][r][i] for all r, of `outer` × `length` × `inner` floats. */
export type ReduceOneAxis = (x: number, y: number, outer: number, length: number, inner: number) => void;

/**
 * A reduction of a float32 tensor over `axis` or `reductionIndices`, with `keepDims`: over one run of adjacent axes after the
 * other, from the last one.
 */
export function reduceAxes(heap: WasmHeap, x: TensorInfo, attributes: NamedAttrMap, reduce: ReduceOneAxis): TensorInfo {
  const axes = reducedAxes(x.shape, attributes);
  const reduced = [...x.shape];
  let values = x;
  for (const run of axisRuns(axes)) {
    const { outer, length, inner } = numbersAround(run, reduced);
    reduced.fill(1, ...run);
    const out = heap.allocate([...reduced]);
    reduce(heap.address(values), heap.address(out), outer, length, inner);
    if (values !== x) heap.backend.disposeData(values.dataId);
    values = out;
  }
  return { ...values, shape: reducedShape(x.shape, attributes) };
}

/** The shape of what a reduction gives. */
export function reducedShape(shape: number[], attributes: NamedAttrMap): number[] {
  const axes = reducedAxes(shape, attributes);
  const [kept] = backend_util.computeOutAndReduceShapes(shape, axes);
  return attributes.keepDims ? backend_util.expandShapeToKeepDim(kept!, axes) : kept!;
}
