import { type TensorInfo, util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import type { WasmHeap } from '../WasmHeap.js';
import { axisRuns, numbersAround, reducedAxes } from './axisRuns.js';
import { checkCounts } from './checkCounts.js';
import { spreadAxes } from './spreadAxes.js';

/**
 * `MaxGrad` and `MinGrad`: dx of y, the largest or smallest x over the axes. Each x that equals y gets dy, all of several, as in
 * TensorFlow.js. Inputs dy and y, of the size of y, and x.
 */
export const extremeGrad: Kernel = (heap, inputs, attributes) => {
  const [dy, x, y] = [inputs.dy!, inputs.x!, inputs.y!];
  const axes = reducedAxes(x.shape, attributes);
  const count = util.sizeFromShape(x.shape.filter((_, axis) => !axes.includes(axis)));
  checkCounts('The gradient of an extreme', { dy: [dy, count], y: [y, count], x: [x, util.sizeFromShape(x.shape)] });
  const [run, ...others] = axisRuns(axes);
  if (others.length === 0) return passGradient(heap, dy, x, y, numbersAround(run!, x.shape));
  const spreadDy = spreadAxes(heap, dy, x, attributes, false);
  const spreadY = spreadAxes(heap, y, x, attributes, false);
  const dx = passGradient(heap, spreadDy, x, spreadY, { outer: 1, length: 1, inner: util.sizeFromShape(x.shape) });
  for (const { dataId } of [spreadDy, spreadY]) heap.backend.disposeData(dataId);
  return dx;
};

function passGradient(
  heap: WasmHeap,
  dy: TensorInfo,
  x: TensorInfo,
  y: TensorInfo,
  { outer, length, inner }: { outer: number; length: number; inner: number },
): TensorInfo {
  const dx = heap.allocate(x.shape);
  const [dyAt, xAt, yAt, dxAt] = [heap.address(dy), heap.address(x), heap.address(y), heap.address(dx)];
  heap.module.extremeGradient(dyAt, xAt, yAt, dxAt, outer, length, inner);
  return dx;
}
