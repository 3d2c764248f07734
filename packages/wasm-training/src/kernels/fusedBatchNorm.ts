import { type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { checkSameFloats } from './checkSameFloats.js';

/** Bytes of the sums of one column: two float64. */
const COLUMN_BYTES = 16;

/**
 * y = (x − mean) · scale / √(variance + ε) + offset by moments that are given, for each number of the last axes or for each
 * number of x. Leaves to the stock kernel moments of other shapes and what is not float32.
 */
export const fusedBatchNorm: Kernel = (heap, inputs, attributes) => {
  const { x, mean, variance, scale, offset } = inputs;
  const given = [mean!, variance!, ...(scale ? [scale] : []), ...(offset ? [offset] : [])];
  const columns = util.sizeFromShape(mean!.shape);
  const isPerColumn = ({ shape }: TensorInfo) => util.sizeFromShape(shape) === columns && isSuffix(shape, x!.shape);
  if (![x!, ...given].every(({ dtype }) => dtype === 'float32') || !given.every(isPerColumn)) return undefined;
  const y = heap.allocate(x!.shape);
  heap.module.fusedBatchNorm(
    heap.address(x!),
    heap.address(mean!),
    heap.address(variance!),
    scale ? heap.address(scale) : 0,
    offset ? heap.address(offset) : 0,
    heap.address(y),
    columns && util.sizeFromShape(x!.shape) / columns,
    columns,
    attributes.varianceEpsilon as number,
  );
  return y;
};

/**
 * `FusedBatchNormGrad`: all gradients of FusedBatchNorm. With d = x − mean, v = 1 / √(variance + ε) and sums over the numbers
 * that share a mean: dx = dy · v · scale,   dmean = −v · scale · Σ dy,   dvariance = −½ v³ · scale · Σ (dy · d),
 * dscale = v · Σ (dy · d),   doffset = Σ dy.
 *
 * Inputs dy, x, mean, variance and scale; attribute `varianceEpsilon`.
 *
 * @returns dx, dmean, dvariance, dscale and doffset
 */
export const fusedBatchNormGrad: Kernel = (heap, inputs, attributes) => {
  const { dy, x, mean, variance, scale } = inputs as Record<string, TensorInfo>;
  for (const tensor of [variance!, scale!]) {
    if (!util.arraysEqual(tensor.shape, mean!.shape) || !isSuffix(mean!.shape, x!.shape)) {
      throw new Error(
        'The gradient of batchNorm takes a mean, a variance and a scale of one shape, which is that of x or of its last axes, ' +
          `not [${mean!.shape}], [${variance!.shape}] and [${scale!.shape}] for x [${x!.shape}].`,
      );
    }
  }
  checkSameFloats('FusedBatchNormGrad', [dy!, x!]);
  const dx = heap.allocate(x!.shape);
  const [dmean, dvariance, dscale, doffset] = [1, 2, 3, 4].map(() => heap.allocate(mean!.shape));
  const columns = util.sizeFromShape(mean!.shape);
  const rows = columns && util.sizeFromShape(x!.shape) / columns;
  const work = rows > 1 ? heap.scratch(COLUMN_BYTES * columns) : 0;
  heap.module.fusedBatchNormGradient(
    heap.address(dy!),
    heap.address(x!),
    heap.address(mean!),
    heap.address(variance!),
    heap.address(scale!),
    heap.address(dx),
    heap.address(dmean!),
    heap.address(dvariance!),
    heap.address(dscale!),
    heap.address(doffset!),
    work,
    rows,
    columns,
    attributes.varianceEpsilon as number,
  );
  return [dx, dmean!, dvariance!, dscale!, doffset!];
};

/** Whether a shape, without leading ones, is that of the last axes of another. */
function isSuffix(shape: number[], whole: number[]): boolean {
  const first = shape.findIndex((size) => size !== 1);
  const axes = first < 0 ? [] : shape.slice(first);
  return axes.length <= whole.length && util.arraysEqual(axes, whole.slice(whole.length - axes.length));
}
