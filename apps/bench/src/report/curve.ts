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

/**
 * Value of a curve at x; undefined outside of its points. Between two of them linear in the logarithm, as losses and
 * errors fall by factors: y = y₀·(y₁/y₀)^t; linear where one is not above zero.
 */
export function valueAt(curve: readonly Point[], x: number): number | undefined {
  const after = curve.findIndex((point) => point.x >= x);
  if (after < 0) return undefined;
  const right = curve[after]!;
  if (right.x === x) return right.y;
  const left = curve[after - 1];
  if (!left) return undefined;
  const share = (x - left.x) / (right.x - left.x);
  if (left.y > 0 && right.y > 0) return left.y * (right.y / left.y) ** share;
  return left.y + (right.y - left.y) * share;
}
