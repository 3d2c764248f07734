import * as tf from '@tensorflow/tfjs';

/**
 * Draws a matrix [rows, columns], rows ≤ columns, with rows of length 1 at right angles to each other: `W Wᵀ = 1`.
 *
 * Every such matrix is as likely as any other. By Gram and Schmidt in Float64, twice to be exact: for the recurrent kernel of
 * 128 units it takes milliseconds, and `tf.initializers.orthogonal` half a minute.
 *
 * Saxe, McClelland and Ganguli, Exact Solutions to the Nonlinear Dynamics of Learning, arXiv 1312.6120, section 3.
 */
export class Orthogonal extends tf.serialization.Serializable {
  static readonly className = 'Orthogonal';
  readonly #seed?: number;

  constructor({ seed }: { seed?: number } = {}) {
    super();
    this.#seed = seed;
  }

  apply(shape: tf.Shape): tf.Tensor {
    const [rows, columns] = shape as [number, number];
    if (shape.length !== 2 || rows > columns) {
      throw new RangeError(`The shape is [${shape}]; it must be [rows, columns] with rows ≤ columns.`);
    }
    const normal = tf.randomNormal([rows, columns], 0, 1, 'float32', this.#seed);
    const values = Float64Array.from(normal.dataSync());
    normal.dispose();
    const vectors = Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns));
    for (const [row, vector] of vectors.entries()) {
      const before = vectors.slice(0, row);
      for (let pass = 0; pass < 2; pass++) for (const other of before) subtractProjection(vector, other);
      const length = Math.sqrt(product(vector, vector));
      for (let i = 0; i < columns; i++) vector[i]! /= length;
    }
    return tf.tensor2d(Float32Array.from(values), [rows, columns]);
  }

  fromConfigUsesCustomObjects(): boolean {
    return false;
  }

  getConfig(): tf.serialization.ConfigDict {
    return this.#seed === undefined ? {} : { seed: this.#seed };
  }
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const length = product(vector, unit);
  for (let i = 0; i < vector.length; i++) vector[i]! -= length * unit[i]!;
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
