import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  crossEntropyResidual,
  labelDistribution,
  lastLayerScore,
  lossScore,
  outputGradientScore,
  rowNorm,
  sigmoidCrossEntropyScore,
  softmaxCrossEntropyScore,
  squaredErrorScore,
} from '../src/index.js';
import * as oracle from './oracle.js';

const shapes = [
  [1, 1],
  [1, 2],
  [5, 3],
  [64, 10],
  [33, 101],
] as const;

/** Values from a fixed generator, so that a failure can be looked at again. */
function values(count: number, seed: number, scale = 3): number[] {
  return Array.from({ length: count }, (_, i) => Math.fround(scale * Math.sin(12.9898 * (i + 1) + 78.233 * seed)));
}

const rows = (flat: number[], width: number): number[][] =>
  Array.from({ length: flat.length / width }, (_, i) => flat.slice(i * width, (i + 1) * width));

/** Runs f, checks that it leaves nothing behind but its result, and returns the values of the result. */
async function run(f: () => tf.Tensor1D): Promise<number[]> {
  const before = tf.memory().numTensors;
  const scores = f();
  expect(scores.rank).toBe(1);
  const result = Array.from(await scores.data());
  scores.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return result;
}

/** float32 rounds each residual at about 6e-8 of values near 1. */
function expectClose(actual: number[], expected: number[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(2e-5 * Math.abs(expected[i]) + 1e-6);
  });
}

describe('scores', () => {
  describe.each(shapes)('of shape [%d, %d]', (batch, width) => {
    const flatLogits = values(batch * width, 1);
    const flatTargets = values(batch * width, 2).map((v) => Math.abs(v) / 3);
    const classes = Array.from({ length: batch }, (_, i) => (7 * i) % width);
    const oneHot = classes.map((c) => Array.from({ length: width }, (_, j) => (j === c ? 1 : 0)));
    const z = rows(flatLogits, width);
    const y = rows(flatTargets, width);

    it.each(['l2', 'l1'] as const)('softmax cross-entropy agrees with float64, %s, hard labels', async (norm) => {
      const logits = tf.tensor2d(flatLogits, [batch, width]);
      const expected = oracle.softmaxScores(z, oneHot, norm);
      const indices = tf.tensor1d(classes, 'int32');
      const hot = tf.tensor2d(oneHot, [batch, width]);
      expectClose(await run(() => softmaxCrossEntropyScore(hot, logits, { norm })), expected);
      if (width > 1) {
        expectClose(await run(() => softmaxCrossEntropyScore(indices, logits, { norm })), expected);
        const column = indices.reshape([batch, 1]).toFloat();
        expectClose(await run(() => softmaxCrossEntropyScore(column, logits, { norm })), expected);
        column.dispose();
      }
      tf.dispose([logits, indices, hot]);
    });

    it('softmax cross-entropy agrees with float64 for labels that do not sum to 1', async () => {
      const logits = tf.tensor2d(flatLogits, [batch, width]);
      const soft = tf.tensor2d(flatTargets, [batch, width]);
      expectClose(await run(() => softmaxCrossEntropyScore(soft, logits)), oracle.softmaxScores(z, y, 'l2'));
      tf.dispose([logits, soft]);
    });

    it('sigmoid cross-entropy and squared error agree with float64', async () => {
      const outputs = tf.tensor2d(flatLogits, [batch, width]);
      const targets = tf.tensor2d(flatTargets, [batch, width]);
      expectClose(await run(() => sigmoidCrossEntropyScore(targets, outputs)), oracle.sigmoidScores(z, y));
      expectClose(await run(() => squaredErrorScore(targets, outputs)), oracle.squaredErrorScores(z, y));
      tf.dispose([outputs, targets]);
    });

    it('agrees with automatic differentiation of the loss', async () => {
      const outputs = tf.tensor2d(flatLogits, [batch, width]);
      const targets = tf.tensor2d(flatTargets, [batch, width]);
      const soft = (t: tf.Tensor, o: tf.Tensor) =>
        tf.losses.softmaxCrossEntropy(t, o, undefined, 0, tf.Reduction.NONE) as tf.Tensor1D;
      const squared = (t: tf.Tensor, o: tf.Tensor) => tf.mean(tf.square(tf.sub(o, t)), 1) as tf.Tensor1D;
      expectClose(
        await run(() => outputGradientScore(squared, targets, outputs)),
        await run(() => squaredErrorScore(targets, outputs)),
      );
      // tf.losses differentiates with softmax(z) − y, which is right for labels that sum to 1 only.
      const hot = tf.tensor2d(oneHot, [batch, width]);
      expectClose(
        await run(() => outputGradientScore(soft, hot, outputs)),
        await run(() => softmaxCrossEntropyScore(hot, outputs)),
      );
      tf.dispose([outputs, targets, hot]);
    });

    it('of the last layer equals the norm of the per-sample gradient of its kernel and bias', async () => {
      const features = tf.tensor2d(values(batch * 4, 5), [batch, 4]);
      const kernel = tf.tensor2d(values(4 * width, 6, 0.5), [4, width]);
      const bias = tf.tensor1d(values(width, 7, 0.5));
      const targets = tf.tensor2d(flatTargets, [batch, width]);
      const lossOf = (i: number) => (k: tf.Tensor, b: tf.Tensor) =>
        tf
          .squaredDifference(tf.add(tf.matMul(features.slice([i], [1]), k as tf.Tensor2D), b), targets.slice([i], [1]))
          .sum() as tf.Scalar;
      // Gradients of single samples take their time: sixteen will do, spread over the batch.
      const count = Math.min(batch, 16);
      const checked = Array.from({ length: count }, (_, i) => Math.floor((i * batch) / count));
      const expected: number[] = [];
      for (const i of checked) {
        const gradients = tf.grads(lossOf(i))([kernel, bias]);
        const values = await Promise.all(gradients.map((gradient) => gradient.data()));
        expected.push(Math.hypot(...values.flatMap((part) => Array.from(part))));
        tf.dispose(gradients);
      }
      const delta = tf.tidy(() => tf.add(tf.matMul(features, kernel), bias).sub(targets).mul(2));
      const scores = await run(() => lastLayerScore(delta, features));
      expectClose(
        checked.map((i) => scores[i]),
        expected,
      );
      tf.dispose([features, kernel, bias, targets, delta]);
    });
  });

  it('takes class indices of any type, in a row or a column, for one-hot rows', async () => {
    const logits = tf.zeros([3, 4]);
    const probabilities = tf.fill([3, 4], 0.25);
    for (const labels of [tf.tensor1d([2, 0, 3], 'int32'), tf.tensor1d([2, 0, 3]), tf.tensor2d([[2], [0], [3]])]) {
      const distribution = labelDistribution(labels, logits);
      const residual = crossEntropyResidual(labels, probabilities);
      const oneHot = [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1];
      expect(Array.from(await distribution.data())).toEqual(oneHot);
      expect(Array.from(await residual.data())).toEqual(oneHot.map((y) => 0.25 - y));
      tf.dispose([labels, distribution, residual]);
    }
    tf.dispose([logits, probabilities]);
  });

  it('stays finite and orders samples at extreme logits', async () => {
    const logits = tf.tensor2d([
      [1e4, -1e4],
      [-1e4, 1e4],
      [20, 0],
    ]);
    const labels = tf.tensor1d([0, 0, 0], 'int32');
    const [learnt, wrong, almost] = await run(() => softmaxCrossEntropyScore(labels, logits));
    expect(learnt).toBe(0);
    expect(wrong).toBeCloseTo(Math.SQRT2, 6);
    expect(almost).toBeGreaterThan(0);
    tf.dispose([logits, labels]);
  });

  describe('the norm of rows', () => {
    const rowsOf = (shape: number[]) =>
      tf.tensor(
        values(
          shape.reduce((a, b) => a * b, 1),
          3,
        ),
        shape,
      );

    it.each([[[7, 1]], [[64, 10]], [[3, 5, 2]], [[4]]])('of shape %j agrees with float64', async (shape) => {
      const x = rowsOf(shape);
      const width = x.size / shape[0];
      const expected = rows(Array.from(await x.data()), width).map((row) => Math.hypot(...row));
      expectClose(await run(() => rowNorm(x)), expected);
      x.dispose();
    });

    it('has the unit vector of a row as its gradient, and 0 at a row of zeros', async () => {
      const x = tf.tensor2d([
        [3, -4],
        [0, 0],
      ]);
      const gradient = tf.grad((x) => rowNorm(x).mul([2, 1]))(x);
      expectClose(Array.from(await gradient.data()), [1.2, -1.6, 0, 0]);
      tf.dispose([x, gradient]);
    });
  });

  it('the loss score is the loss, in a tensor of its own', async () => {
    const losses = tf.tensor1d([0.25, 3]);
    expect(await run(() => lossScore(losses))).toEqual([0.25, 3]);
    expect(losses.isDisposed).toBe(false);
    losses.dispose();
  });

  it('averages over every output of a sample of higher rank', async () => {
    const outputs = tf.ones([2, 3, 4]);
    const targets = tf.zeros([2, 3, 4]);
    expectClose(await run(() => squaredErrorScore(targets, outputs)), [
      (2 / 12) * Math.sqrt(12),
      (2 / 12) * Math.sqrt(12),
    ]);
    tf.dispose([outputs, targets]);
  });
});

describe('errors', () => {
  it.each([
    ['labels of another shape', () => softmaxCrossEntropyScore(tf.zeros([2, 3]), tf.zeros([2, 4])), /\[2,3\].*\[2,4\]/],
    ['class indices for another batch', () => softmaxCrossEntropyScore(tf.zeros([3]), tf.zeros([2, 4])), /3 class ind/],
    ['logits of rank 3', () => softmaxCrossEntropyScore(tf.zeros([2]), tf.zeros([2, 4, 4])), /outputGradientScore/],
    ['targets of another shape', () => squaredErrorScore(tf.zeros([2, 3]), tf.zeros([2, 4])), /must be the same/],
    ['sigmoid labels of another shape', () => sigmoidCrossEntropyScore(tf.zeros([2]), tf.zeros([2, 1])), /the same/],
    [
      'a loss that reduces over the batch',
      () => outputGradientScore((_, z) => z.sum() as unknown as tf.Tensor1D, tf.zeros([2, 1]), tf.zeros([2, 1])),
      /one value a sample/,
    ],
    ['features of another batch', () => lastLayerScore(tf.zeros([2, 1]), tf.zeros([3, 1])), /2 rows and features 3/],
  ])('refuses %s', (_, call, message) => {
    tf.tidy(() => {
      expect(call).toThrow(message);
    });
  });
});
