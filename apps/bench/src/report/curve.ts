import type { EpochRecord, RunRecord } from '@gradis/metrics';

/** What a curve runs against: epochs of training, or seconds of it. */
export type Axis = 'epoch' | 'trainingSeconds';

/** Reads a quantity at the end of an epoch; undefined where it was not measured. */
export type Reading = (epoch: EpochRecord) => number | undefined;

/** One point of the curve of a run. */
export interface Point {
  x: number;
  y: number;
}

/** The curve of one quantity of one run, one point per epoch in which it was measured. */
export function curveOf(run: RunRecord, read: Reading, axis: Axis): Point[] {
  return run.epochs.flatMap((epoch) => {
    const y = read(epoch);
    return y === undefined ? [] : [{ x: epoch[axis], y }];
  });
}

/** Value of a curve at x, linear between its points; undefined outside of them. */
export function valueAt(curve: readonly Point[], x: number): number | undefined {
  const after = curve.findIndex((point) => point.x >= x);
  if (after < 0) return undefined;
  const right = curve[after]!;
  if (right.x === x) return right.y;
  const left = curve[after - 1];
  return left && left.y + ((right.y - left.y) * (x - left.x)) / (right.x - left.x);
}
