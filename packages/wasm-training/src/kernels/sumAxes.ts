import { backend_util, type NamedAttrMap, type TensorInfo, util } from '@tensorflow/tfjs';
import type { WasmHeap } from '../WasmHeap.js';

/**
 * Σ over `attributes.axis`, times 1 / (number of summands) if `mean`.
 * Leaves to the stock kernel what is not float32 and axes that are apart, such as the first and the last of three.
 */
export function sumAxes(
  heap: WasmHeap,
  x: TensorInfo,
  attributes: NamedAttrMap,
  mean: boolean,
): TensorInfo | undefined {
  if (x.dtype !== 'float32') return undefined;
  const axes = util.parseAxisParam(attributes.axis as number | number[], x.shape).sort((a, b) => a - b);
  const first = axes[0] ?? 0;
  const end = first + axes.length;
  if (axes.some((axis, i) => axis !== first + i)) return undefined;

  const outer = util.sizeFromShape(x.shape.slice(0, first));
  const length = util.sizeFromShape(x.shape.slice(first, end));
  const inner = util.sizeFromShape(x.shape.slice(end));
  const [kept] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = attributes.keepDims ? backend_util.expandShapeToKeepDim(kept!, axes) : kept!;
  const out = heap.allocate(shape);
  heap.module.sumAxis(heap.address(x), heap.address(out), outer, length, inner, mean ? 1 / length : 1);
  return out;
}
