import { type NamedAttrMap, type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { WasmHeap } from '../WasmHeap.js';
import { reduceAxes, reducedShape } from './reduceAxes.js';
import { sumAxis } from './sumAxis.js';

/** Σ x over the axes. The kernel leaves to the stock one what is neither float32 nor empty. */
export const sum: Kernel = (heap, inputs, attributes) => {
  const x = inputs.x!;
  if (x.dtype !== 'float32') return util.sizeFromShape(x.shape) > 0 ? undefined : zeros(heap, x, attributes);
  return reduceAxes(heap, x, attributes, (x, y, outer, length, inner) => sumAxis(heap, x, y, outer, length, inner, 1));
};

/** (1/n) Σ x over the axes. The kernel leaves to the stock one what is not float32. */
export const mean: Kernel = (heap, inputs, attributes) => {
  if (inputs.x!.dtype !== 'float32') return undefined;
  return reduceAxes(heap, inputs.x!, attributes, (x, y, outer, length, inner) =>
    sumAxis(heap, x, y, outer, length, inner, 1 / length),
  );
};

/** Sums of no integers, which the stock kernel takes from whatever lies there. */
function zeros(heap: WasmHeap, { shape }: TensorInfo, attributes: NamedAttrMap): TensorInfo {
  const y = heap.allocate(reducedShape(shape, attributes), 'int32');
  heap.integers(y).fill(0);
  return y;
}
