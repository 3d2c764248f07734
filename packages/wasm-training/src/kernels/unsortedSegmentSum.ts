import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';

/**
 * y[s] = Σ x[i] over the i with segmentIds[i] = s. Rows whose segment is negative or beyond the last one count nowhere.
 * @throws Error unless x is float32 and the segments are one int32 a row of it
 */
export const unsortedSegmentSum: Kernel = (heap, { x, segmentIds }, attributes) => {
  const segments = attributes.numSegments as number;
  const [rows, ...inner] = x!.shape;
  if (x!.dtype !== 'float32' || segmentIds!.dtype !== 'int32' || !util.arraysEqual(segmentIds!.shape, [rows])) {
    throw new Error(
      `UnsortedSegmentSum on the wasm backend takes a float32 x and an int32 segment for each row of x [${x!.shape}], ` +
        `not ${x!.dtype} and ${segmentIds!.dtype} [${segmentIds!.shape}].`,
    );
  }
  const out = heap.allocate([segments, ...inner]);
  const columns = util.sizeFromShape(inner);
  heap.module.segmentSum(heap.address(x!), heap.address(segmentIds!), heap.address(out), rows!, columns, segments);
  return out;
};
