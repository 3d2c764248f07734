import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { WasmHeap } from '../WasmHeap.js';

type GatherTensor = Parameters<typeof backend_util.segment_util.collectGatherOpShapeInfo>[0];

/** y = x[…, indices, …]: the slices of x along one axis that the indices name. */
export const gatherV2: Kernel = (heap, { x, indices }, attributes) => {
  if (x!.dtype === 'string' || x!.dtype === 'complex64' || indices!.dtype !== 'int32') return undefined;
  const axis = util.parseAxisParam(attributes.axis as number, x!.shape)[0]!;
  checkRange(heap, indices!, x!.shape[axis]!);
  const { batchSize, outerSize, dimSize, sliceSize, outputShape } = backend_util.segment_util.collectGatherOpShapeInfo(
    x as GatherTensor,
    indices as GatherTensor,
    axis,
    (attributes.batchDims as number | undefined) ?? 0,
  );
  const out = heap.allocate(outputShape, x!.dtype);
  if (util.sizeFromShape(outputShape) === 0) return out;
  const rowBytes = sliceSize * util.bytesPerElement(x!.dtype);
  const count = util.sizeFromShape(indices!.shape) / batchSize;
  for (let batch = 0; batch < batchSize; batch++) {
    heap.module.gatherRows(
      heap.address(x!) + batch * outerSize * dimSize * rowBytes,
      heap.address(indices!) + 4 * batch * count,
      heap.address(out) + batch * outerSize * count * rowBytes,
      outerSize,
      dimSize,
      count,
      rowBytes,
    );
  }
  return out;
};

/** @throws Error if an index is not that of a slice, as the stock kernel does. */
function checkRange(heap: WasmHeap, indices: TensorInfo, size: number): void {
  for (const index of heap.integers(indices)) {
    if (index < 0 || index >= size) throw new Error(`GatherV2: the index value ${index} is not in [0, ${size - 1}]`);
  }
}
