import { type NamedAttrMap, util } from '@tensorflow/tfjs';

/** Adjacent axes [first, end). */
export type AxisRun = readonly [first: number, end: number];

/** The axes that a reduction runs over: all, if none are given. */
export function reducedAxes(shape: number[], { axis, reductionIndices }: NamedAttrMap): number[] {
  return util.parseAxisParam((axis ?? reductionIndices) as number | number[], shape);
}

/** The runs of adjacent axes, the last one first; an empty run for no axes. */
export function axisRuns(axes: number[]): AxisRun[] {
  const runs: [number, number][] = [];
  for (const axis of [...axes].sort((a, b) => b - a)) {
    const run = runs[runs.length - 1];
    if (run?.[0] === axis + 1) run[0] = axis;
    else runs.push([axis, axis + 1]);
  }
  return runs.length > 0 ? runs : [[0, 0]];
}

/** A tensor as `outer` × `length` × `inner` numbers, with the axes of the run along `length`. */
export function numbersAround([first, end]: AxisRun, shape: number[]) {
  return {
    outer: util.sizeFromShape(shape.slice(0, first)),
    length: util.sizeFromShape(shape.slice(first, end)),
    inner: util.sizeFromShape(shape.slice(end)),
  };
}
