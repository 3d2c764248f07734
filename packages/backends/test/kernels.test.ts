import { softmaxCrossEntropy } from '@gradis/importance';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { fusedAdam, fusedMomentum, useBackend } from '../src/index.js';
import { usableBackends } from './usableBackends.js';

const SHAPES = [[1], [37], [8, 5], [3, 3, 4, 6]];

/** Numbers in [-1, 1) from a fixed recurrence, so that a failure can be looked at again. */
function numbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.fround(Math.sin(12.9898 * (i + 1) + 78.233 * seed)));
}

/** The values of variables after steps on gradients that change sign and size. */
async function run(optimizer: tf.Optimizer, steps: number): Promise<number[]> {
  const tensor = (shape: number[], seed: number) => tf.tensor(numbers(tf.util.sizeFromShape(shape), seed), shape);
  const variables = SHAPES.map((shape, i) => tf.tidy(() => tf.variable(tensor(shape, i))));
  let after: number | undefined;
  for (let step = 0; step < steps; step++) {
    tf.tidy(() => {
      const gradients = variables.map(({ name, shape }, i) => ({ name, tensor: tensor(shape, 100 * step + i + 7) }));
      optimizer.applyGradients(gradients as Parameters<tf.Optimizer['applyGradients']>[0]);
    });
    after ??= tf.memory().numTensors;
  }
  expect(tf.memory().numTensors).toBe(after);
  const values = await Promise.all(variables.map((variable) => variable.data()));
  tf.dispose(variables);
  return values.flatMap((array) => Array.from(array));
}

const optimizers: [string, () => tf.Optimizer, () => tf.Optimizer][] = [
  ['adam', () => fusedAdam(0.01, 0.8, 0.99, 1e-6), () => tf.train.adam(0.01, 0.8, 0.99, 1e-6)],
  ['adam with defaults', () => fusedAdam(), () => tf.train.adam()],
  ['momentum', () => fusedMomentum(0.01, 0.9), () => tf.train.momentum(0.01, 0.9)],
  ['nesterov', () => fusedMomentum(0.01, 0.9, true), () => tf.train.momentum(0.01, 0.9, true)],
];

const largestDifference = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

for (const { backend, reason } of await usableBackends()) {
  describe.skipIf(reason !== undefined)(`on ${backend}${reason ? ` (${reason})` : ''}`, () => {
    beforeAll(async () => {
      await useBackend(backend);
    });

    describe.each(optimizers)('fused %s', (_, fused, stock) => {
      it('equals the optimiser of TensorFlow.js to 1e-6 over 100 steps', async () => {
        const ours = await run(fused(), 100);
        expect(largestDifference(ours, await run(stock(), 100))).toBeLessThan(1e-6);
        // It can fail: one step less is far away.
        expect(largestDifference(ours, await run(stock(), 99))).toBeGreaterThan(1e-4);
      });

      it('goes on from the weights of the other', async () => {
        const variable = tf.variable(tf.tensor1d([1, -2, 3]));
        const [a, b] = [fused(), stock()];
        const minimize = (optimizer: tf.Optimizer) =>
          tf.tidy(() => void optimizer.minimize(() => tf.sum(tf.square(variable)) as tf.Scalar));
        for (let step = 0; step < 5; step++) minimize(a);
        const middle = variable.clone();
        await b.setWeights(await a.getWeights());
        minimize(a);
        const expected = Array.from(await variable.data());
        variable.assign(middle as tf.Tensor1D);
        minimize(b);
        expect(largestDifference(Array.from(await variable.data()), expected)).toBeLessThan(1e-6);
        tf.dispose([variable, middle]);
      });

      it('leaves a copy of a variable alone', async () => {
        const variable = tf.variable(tf.tensor1d([1, -2, 3]));
        const optimizer = fused();
        const minimize = () => tf.tidy(() => void optimizer.minimize(() => tf.sum(tf.square(variable)) as tf.Scalar));
        minimize();
        const copy = variable.clone();
        const before = Array.from(await copy.data());
        minimize();
        minimize();
        expect(Array.from(await copy.data())).toEqual(before);
        expect(Array.from(await variable.data())).not.toEqual(before);
        tf.dispose([variable, copy]);
      });
    });

    describe('loss and gradient of softmax cross-entropy', () => {
      it.each([
        [1, 3],
        [5, 10],
        [130, 101],
      ])('of [%d, %d] logits are those of float64', async (batch, classes) => {
        const z = numbers(batch * classes, classes).map((value) => 8 * value);
        const labels = Int32Array.from({ length: batch }, (_, row) => (7 * row) % classes);
        const before = tf.memory().numTensors;
        const [y, logits] = [tf.tensor1d(labels, 'int32'), tf.tensor2d(z, [batch, classes])];
        const { losses, gradient } = softmaxCrossEntropy(y, logits);
        const [actualLosses, actualGradient] = [await losses.data(), await gradient.data()];
        tf.dispose([y, logits, losses, gradient]);
        expect(tf.memory().numTensors).toBe(before);
        for (let row = 0; row < batch; row++) {
          const own = Array.from(z.subarray(row * classes, (row + 1) * classes));
          const partition = own.reduce((sum, value) => sum + Math.exp(value), 0);
          const loss = Math.log(partition) - own[labels[row]!]!;
          expect(Math.abs(actualLosses[row]! - loss)).toBeLessThanOrEqual(4e-6 * (1 + loss));
          own.forEach((value, j) => {
            const expected = Math.exp(value) / partition - Number(j === labels[row]);
            expect(Math.abs(actualGradient[row * classes + j]! - expected)).toBeLessThanOrEqual(4e-6);
          });
        }
      });

      it('take a class out of range for a row of zeros', async () => {
        const logits = tf.tensor2d([[1, 2, 3]]);
        const { losses, gradient } = softmaxCrossEntropy(tf.tensor1d([3], 'int32'), logits);
        expect(Array.from(await losses.data())).toEqual([0]);
        const softmax = await tf.softmax(logits).data();
        expect(largestDifference(Array.from(await gradient.data()), Array.from(softmax))).toBeLessThan(1e-6);
      });
    });

    it('has a derivative of relu that is 0, 1 or not a number', async () => {
      const x = tf.tensor1d([-2, -0, 0, 1e-30, 5, Number.NaN, Number.POSITIVE_INFINITY]);
      const slope = await tf.step(x).data();
      expect(Array.from(slope)).toEqual([0, 0, 0, 1, 1, Number.NaN, 1]);
    });

    it('gives a tensor of another shape or type, or the same one, with a life of its own', async () => {
      const before = tf.memory().numTensors;
      const x = tf.tensor2d([
        [1, 2, 3],
        [4, 5, 6],
      ]);
      const others = [
        x.reshape([3, 2]),
        x.reshape([2, 3]),
        x.reshape([-1]),
        x.cast('float32'),
        x.clone(),
        x.cast('int32'),
      ];
      x.dispose();
      for (const other of others) expect(Array.from(await other.data())).toEqual([1, 2, 3, 4, 5, 6]);
      expect(others.map(({ shape }) => shape)).toEqual([[3, 2], [2, 3], [6], [2, 3], [2, 3], [2, 3]]);
      tf.dispose(others);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('finds where a value belongs in a rising sequence', async () => {
      const rising = tf.tensor2d([
        [0, 1, 1, 3],
        [2, 2, 2, 9],
      ]);
      const values = tf.tensor2d([
        [1, 4, -1],
        [2, 0, 9],
      ]);
      expect(Array.from(await tf.searchSorted(rising, values, 'left').data())).toEqual([1, 4, 0, 0, 0, 3]);
      expect(Array.from(await tf.searchSorted(rising, values, 'right').data())).toEqual([3, 4, 0, 3, 0, 4]);
    });
  });
}
