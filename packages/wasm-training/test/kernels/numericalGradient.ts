/** A function of some arrays, with the arrays as names say. */
export type ArrayFunction = (inputs: Record<string, Float64Array>) => Float64Array;

/** Points of each array that are tried; all of the small ones. */
const MOST_POINTS = 24;

/** The derivative of Σ dyᵢ yᵢ with respect to one number, and Σ |dyᵢ ∂yᵢ|, to which rounding errors are proportional. */
export interface Slope {
  index: number;
  value: number;
  size: number;
}

/**
 * Derivatives in float64 by differences of fourth order, (8 (f(x + h) − f(x − h)) − (f(x + 2h) − f(x − 2h))) / 12 h, at some
 * of the numbers of one array.
 */
export function numericalGradient(
  f: ArrayFunction,
  inputs: Record<string, Float64Array>,
  name: string,
  dy: ArrayLike<number>,
  step: number,
): Slope[] {
  const x = inputs[name]!;
  const stride = Math.max(1, Math.ceil(x.length / MOST_POINTS));
  const slopes: Slope[] = [];
  for (let index = 0; index < x.length; index += stride) {
    const moved = (steps: number) => {
      const changed = x.slice();
      changed[index]! += steps * step;
      return f({ ...inputs, [name]: changed });
    };
    const [two, one, minusOne, minusTwo] = [moved(2), moved(1), moved(-1), moved(-2)];
    let value = 0;
    let size = 0;
    one.forEach((_, i) => {
      const change = (8 * (one[i]! - minusOne[i]!) - (two[i]! - minusTwo[i]!)) / (12 * step);
      value += dy[i]! * change;
      size += Math.abs(dy[i]! * change);
    });
    slopes.push({ index, value, size });
  }
  return slopes;
}

/** The largest error of a gradient, relative to the size of what it is the sum of; `floor` is a size that may count as 0. */
export function largestGradientError(actual: ArrayLike<number>, slopes: Slope[], floor = 0): number {
  const errors = slopes.map(({ index, value, size }) => Math.abs(actual[index]! - value) / Math.max(size, floor));
  return Math.max(0, ...errors);
}
