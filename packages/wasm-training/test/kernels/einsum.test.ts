import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { largestError, onBackend, randomNumbers } from '../support.js';
import { errorOfSums, type Sums, sums } from './convolutionReference.js';
import { positionsOf } from './layoutReferences.js';

/** Each sum may be off by this share of the sizes of its terms. */
const TOLERANCE = 2e-6;

const SIZES: Record<string, number> = { b: 2, h: 3, q: 4, k: 5, d: 6, e: 7 };

beforeAll(async () => {
  await installWasmTraining();
});

const shapeOf = (labels: string) => [...labels].map((label) => SIZES[label]!);

/** The output and, for its gradient dy, the gradients of the factors, by the definition. */
function reference(equation: string, factors: Float32Array[], dy: Float32Array): { y: Sums; gradients: Sums[] } {
  const [terms, out] = equation.split('->') as [string, string];
  const inputs = terms.split(',');
  const labels = [...new Set(equation.replace(/[^a-z]/g, ''))];
  const y = sums(dy.length);
  const gradients = factors.map((factor) => sums(factor.length));
  for (const position of positionsOf(shapeOf(labels.join('')))) {
    const indexIn = (term: string) =>
      [...term].reduce((index, label) => index * SIZES[label]! + position[labels.indexOf(label)]!, 0);
    const places = inputs.map(indexIn);
    const values = factors.map((factor, i) => factor[places[i]!]!);
    y.add(
      indexIn(out),
      values.reduce((product, value) => product * value, 1),
    );
    gradients.forEach((gradient, i) => {
      const others = values.filter((_, other) => other !== i).reduce((product, value) => product * value, 1);
      gradient.add(places[i]!, others * dy[indexIn(out)]!);
    });
  }
  return { y, gradients };
}

const equations = [
  'bhqd,bhkd->bhqk',
  'bqhd,bkhd->bhqk',
  'bhqk,bhkd->bhqd',
  'bhqk,bkhd->bqhd',
  'bqd,dhe->bhqe',
  'bhqe,hed->bqd',
  'bqd,de->bqe',
  'bqd,bqd->bqd',
  'bqd,bq->bqd',
  'bqd,bd->q',
  'qd,kd->kq',
  'q,k->qk',
  'q,q->',
  'bqd,ke->be',
  'bqd->dbq',
  'bqd->q',
  'bqd->',
];

describe('einsum and its gradients equal the definition in float64', () => {
  it.each(equations)('%s', async (equation) => {
    const before = tf.memory();
    const [terms, out] = equation.split('->') as [string, string];
    const shapes = terms.split(',').map(shapeOf);
    const values = [...shapes, shapeOf(out)].map((shape, i) => randomNumbers(tf.util.sizeFromShape(shape), i + 1));
    const dys = values.pop()!;
    const expected = reference(equation, values, dys);
    const factors = shapes.map((shape, i) => tf.tensor(values[i]!, shape));
    const dy = tf.tensor(dys, shapeOf(out));
    const compute = (...tensors: tf.Tensor[]) => tf.einsum(equation, ...tensors);
    const y = compute(...factors);
    const gradients = tf.grads(compute)(factors, dy);
    expect(y.shape).toEqual(shapeOf(out));
    expect(errorOfSums(await y.data(), expected.y)).toBeLessThan(TOLERANCE);
    for (const [i, gradient] of gradients.entries()) {
      expect(errorOfSums(await gradient.data(), expected.gradients[i]!)).toBeLessThan(TOLERANCE);
    }
    tf.dispose([...factors, dy, y, ...gradients]);
    const { numTensors, numDataBuffers } = tf.memory();
    expect([numTensors, numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
  });

  it('and the test notices a number that is off by 1e-4', async () => {
    const [a, b] = [randomNumbers(4 * 6, 1), randomNumbers(5 * 6, 2)] as const;
    const { y } = reference('qd,kd->qk', [a, b], new Float32Array(4 * 5));
    const changed = a.with(7, a[7]! + 1e-4);
    const actual = tf.tidy(() => tf.einsum('qd,kd->qk', tf.tensor(changed, [4, 6]), tf.tensor(b, [5, 6])).dataSync());
    expect(errorOfSums(actual, y)).toBeGreaterThan(TOLERANCE);
  });
});

describe('attention', () => {
  const [batch, heads, length, width] = [2, 3, 16, 8];

  /** softmax(Q Kᵀ / √width) V of x [batch, length, heads · width], with projections, as loss Σ y². */
  function attention(x: tf.Tensor, query: tf.Tensor, key: tf.Tensor, value: tf.Tensor): tf.Scalar {
    const [q, k, v] = [query, key, value].map((weights) => tf.einsum('bte,ehd->bthd', x, weights)) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const scores = tf.softmax(tf.mul(tf.einsum('bqhd,bkhd->bhqk', q, k), 1 / Math.sqrt(width)));
    return tf.sum(tf.square(tf.einsum('bhqk,bkhd->bqhd', scores, v)));
  }

  it('and its gradients equal those on cpu', async () => {
    const step = () => {
      const inputs = [
        tf.tensor(randomNumbers(batch * length * heads * width, 1), [batch, length, heads * width]),
        ...[2, 3, 4].map((seed) =>
          tf.tensor(randomNumbers(heads * width * heads * width, seed), [heads * width, heads, width]),
        ),
      ];
      const { value, grads } = tf.valueAndGrads(attention as (...x: tf.Tensor[]) => tf.Scalar)(inputs);
      return [value, ...grads];
    };
    const [expected, actual] = [await onBackend('cpu', step), await onBackend('wasm', step)];
    expected.forEach((values, i) => {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largestError(actual[i]!, values, largest)).toBeLessThan(2e-5);
    });
  });
});

it('refuses int32 tensors', () => {
  const x = tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32');
  expect(() => tf.einsum('ij->i', x)).toThrow('einsum on the wasm backend takes float32 tensors, not int32.');
  x.dispose();
});
