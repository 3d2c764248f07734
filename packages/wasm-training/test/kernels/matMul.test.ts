import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import {
  isProduct,
  largestError,
  onBackend,
  type Product,
  randomNumbers,
  randomTensor,
  referenceProduct,
  TRANSPOSITIONS,
} from '../support.js';

beforeAll(async () => {
  await installWasmTraining();
});

const shapeOf = (rows: number, columns: number, transpose: boolean) => (transpose ? [columns, rows] : [rows, columns]);

async function matchesCpu(compute: () => tf.Tensor[], tolerance: number): Promise<void> {
  const ours = await onBackend('wasm', compute);
  const theirs = await onBackend('cpu', compute);
  ours.forEach((values, i) => {
    expect(largestError(values, theirs[i]!)).toBeLessThan(tolerance);
  });
}

describe('matMul', () => {
  for (const [transposeA, transposeB] of TRANSPOSITIONS) {
    const title = `${transposeA ? 'Aᵀ' : 'A'} · ${transposeB ? 'Bᵀ' : 'B'}`;

    it(`${title} equals the float64 product for sizes from 1 × 1 to beyond every block`, () => {
      for (const m of [1, 2, 5, 64, 131]) {
        for (const n of [1, 3, 8, 10, 33, 515]) {
          for (const k of [1, 4, 31, 259, 520]) {
            if (m * n * k > 4e6) continue;
            const product: Product = { m, n, k, transposeA, transposeB };
            const [a, b] = [randomNumbers(m * k, m + 7 * k), randomNumbers(k * n, n + 11 * k)];
            const values = tf.tidy(() =>
              tf
                .matMul(
                  tf.tensor(a, shapeOf(m, k, transposeA)),
                  tf.tensor(b, shapeOf(k, n, transposeB)),
                  transposeA,
                  transposeB,
                )
                .dataSync(),
            );
            if (!isProduct(values, referenceProduct(product, a, b))) {
              expect.fail(`wrong product for ${JSON.stringify(product)}`);
            }
          }
        }
      }
    });

    // The reference repeats the batches first: the cpu backend is wrong where both batches broadcast in part.
    it(`${title} broadcasts batches as if they were repeated`, async () => {
      const batches = [
        [[3], [3], [3]],
        [[3], [1], [3]],
        [[1], [3], [3]],
        [[2, 3], [3], [2, 3]],
        [
          [2, 3],
          [2, 1],
          [2, 3],
        ],
        [
          [2, 1, 3],
          [4, 1],
          [2, 4, 3],
        ],
        [[], [2, 2], [2, 2]],
      ];
      for (const [batchA, batchB, batch] of batches) {
        const operands = () => [
          randomTensor([...batchA!, ...shapeOf(5, 9, transposeA)], 3),
          randomTensor([...batchB!, ...shapeOf(9, 6, transposeB)], 4),
        ];
        const repeat = (x: tf.Tensor) => tf.broadcastTo(x, [...batch!, ...x.shape.slice(-2)]);
        const [ours] = await onBackend('wasm', () => {
          const [a, b] = operands();
          return [tf.matMul(a!, b!, transposeA, transposeB)];
        });
        const [expected] = await onBackend('cpu', () => {
          const [a, b] = operands();
          return [tf.matMul(repeat(a!), repeat(b!), transposeA, transposeB)];
        });
        expect(largestError(ours!, expected!)).toBeLessThan(1e-5);
      }
    });

    it(`${title} has the gradients of the float64 products`, () => {
      const [batch, m, n, k] = [3, 7, 5, 19];
      const [as, bs, ws] = [
        randomNumbers(batch * m * k, 5),
        randomNumbers(batch * k * n, 6),
        randomNumbers(batch * m * n, 7),
      ];
      const [da, db] = tf.tidy(() => {
        const weights = tf.tensor3d(ws, [batch, m, n]);
        const f = (x: tf.Tensor, y: tf.Tensor) =>
          tf.matMul(x, y, transposeA, transposeB).mul(weights).sum() as tf.Scalar;
        const operands = [
          tf.tensor(as, [batch, ...shapeOf(m, k, transposeA)]),
          tf.tensor(bs, [batch, ...shapeOf(k, n, transposeB)]),
        ];
        return tf
          .grads(f)(operands)
          .map((gradient) => gradient.dataSync());
      });
      for (let i = 0; i < batch; i++) {
        const piece = (values: Float32Array, size: number) => values.subarray(i * size, (i + 1) * size);
        const [a, b, w] = [piece(as, m * k), piece(bs, k * n), piece(ws, m * n)];
        // dA = dY Bᵀ, transposed where A is; dB = Aᵀ dY, likewise.
        const expectedA = transposeA
          ? referenceProduct({ m: k, n: m, k: n, transposeA: transposeB, transposeB: true }, b, w)
          : referenceProduct({ m, n: k, k: n, transposeA: false, transposeB: !transposeB }, w, b);
        const expectedB = transposeB
          ? referenceProduct({ m: n, n: k, k: m, transposeA: true, transposeB: transposeA }, w, a)
          : referenceProduct({ m: k, n, k: m, transposeA: !transposeA, transposeB: false }, a, w);
        expect(isProduct(piece(da as Float32Array, m * k), expectedA)).toBe(true);
        expect(isProduct(piece(db as Float32Array, k * n), expectedB)).toBe(true);
        expect(
          isProduct(
            piece(da as Float32Array, m * k).map((value) => 1.0001 * value),
            expectedA,
          ),
        ).toBe(false);
      }
    });
  }

  it('of an empty inner size is zero, of an empty batch is empty', () => {
    expect([...tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])).dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(tf.matMul(tf.zeros([0, 2, 4]), tf.zeros([0, 4, 3])).shape).toEqual([0, 2, 3]);
    expect(tf.matMul(tf.zeros([0, 4]), tf.zeros([4, 3])).shape).toEqual([0, 3]);
  });

  it('keeps NaN and infinity', () => {
    const values = tf.matMul(tf.tensor2d([[Number.NaN, 1]]), tf.tensor2d([[1], [1]])).dataSync();
    expect(values[0]).toBeNaN();
    expect(tf.matMul(tf.tensor2d([[Number.POSITIVE_INFINITY, 1]]), tf.tensor2d([[1], [1]])).dataSync()[0]).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});

describe('fused matMul', () => {
  const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const;
  for (const [transposeA, transposeB] of TRANSPOSITIONS) {
    it.each(activations)(
      `with bias and %s equals the cpu backend (transposed: ${transposeA}, ${transposeB})`,
      async (activation) => {
        for (const [m, k, n] of [
          [1, 1, 1],
          [5, 300, 9],
          [66, 17, 520],
        ] as const) {
          await matchesCpu(
            () => [
              tf.fused.matMul({
                a: randomTensor(shapeOf(m, k, transposeA), 1).mul(3),
                b: randomTensor(shapeOf(k, n, transposeB), 2),
                bias: randomTensor([n], 3),
                transposeA,
                transposeB,
                activation,
                leakyreluAlpha: 0.3,
              }),
            ],
            // What float32 leaves of sums of up to hundreds of terms of size 3.
            1e-4,
          );
        }
      },
    );
  }

  it('with prelu equals the cpu backend', async () => {
    await matchesCpu(
      () => [
        tf.fused.matMul({
          a: randomTensor([5, 8], 1),
          b: randomTensor([8, 6], 2),
          activation: 'prelu',
          preluActivationWeights: randomTensor([6], 3),
        }),
      ],
      1e-5,
    );
  });

  it('passes NaN through relu', () => {
    const y = tf.fused.matMul({
      a: tf.tensor2d([[Number.NaN]]),
      b: tf.ones([1, 5]) as tf.Tensor2D,
      activation: 'relu',
    });
    expect([...y.dataSync()].every(Number.isNaN)).toBe(true);
  });

  it('refuses a bias that is not one number for each column', () => {
    expect(() => tf.fused.matMul({ a: tf.ones([2, 3]), b: tf.ones([3, 4]), bias: tf.ones([2, 4]) })).toThrow(
      'The bias of a fused matMul must have shape [4], not [2,4].',
    );
  });
});
