import type { ArrayFunction } from './numericalGradient.js';

/** The numbers that are normalised together: rows, or columns, of a matrix. */
export type Groups = 'rows' | 'columns';

export interface Statistics {
  mean: Float64Array;
  variance: Float64Array;
}

/** Mean and variance of each row or column, in two passes in float64. */
export function statistics(x: ArrayLike<number>, rows: number, columns: number, groups: Groups): Statistics {
  const [count, size] = groups === 'rows' ? [rows, columns] : [columns, rows];
  const mean = new Float64Array(count);
  const variance = new Float64Array(count);
  const groupOf = (i: number) => (groups === 'rows' ? Math.floor(i / columns) : i % columns);
  for (let i = 0; i < x.length; i++) mean[groupOf(i)]! += x[i]! / size;
  for (let i = 0; i < x.length; i++) variance[groupOf(i)]! += (x[i]! - mean[groupOf(i)]!) ** 2 / size;
  return { mean, variance };
}

/** y = (x − mean) / √(variance + ε) · scale + offset, with a scale and an offset for each column. */
export function normalized(rows: number, columns: number, groups: Groups, epsilon: number): ArrayFunction {
  return ({ x, scale, offset }) => {
    const { mean, variance } = statistics(x!, rows, columns, groups);
    return x!.map((value, i) => {
      const column = i % columns;
      const group = groups === 'rows' ? Math.floor(i / columns) : column;
      return ((value - mean[group]!) / Math.sqrt(variance[group]! + epsilon)) * scale![column]! + offset![column]!;
    });
  };
}
