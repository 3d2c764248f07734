import { type TensorInfo, util } from '@tensorflow/tfjs';

/**
 * Rows and columns of x [..., columns], after a check of what is given for each column.
 * @throws Error unless all are float32, x has an axis, and each of `vectors` has the shape [columns]
 */
export function matrixOf(
  kernel: string,
  x: TensorInfo,
  vectors: Record<string, TensorInfo | undefined>,
): { rows: number; columns: number } {
  if (x.dtype !== 'float32' || x.shape.length === 0) {
    throw new Error(`${kernel} takes a float32 x of one or more axes, not ${x.dtype} [${x.shape}].`);
  }
  const columns = x.shape[x.shape.length - 1]!;
  for (const [name, vector] of Object.entries(vectors)) {
    if (vector?.dtype !== 'float32' || !util.arraysEqual(vector.shape, [columns])) {
      const given = vector ? `${vector.dtype} [${vector.shape}]` : 'nothing';
      throw new Error(`${kernel} takes a float32 ${name} [${columns}] for x [${x.shape}], not ${given}.`);
    }
  }
  return { rows: util.sizeFromShape(x.shape.slice(0, -1)), columns };
}
