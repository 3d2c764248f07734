import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';

beforeAll(async () => {
  await installWasmTraining();
});

/** Losses and gradients of both rows in float64. */
function reference(logits: Float32Array, labels: Int32Array, classes: number) {
  const losses: number[] = [];
  const gradient: number[] = [];
  labels.forEach((label, row) => {
    const z = Array.from(logits.subarray(row * classes, (row + 1) * classes));
    const largest = Math.max(...z);
    const partition = z.reduce((sum, value) => sum + Math.exp(value - largest), 0);
    const isKnown = label >= 0 && label < classes;
    losses.push(isKnown ? Math.log(partition) + largest - z[label]! : 0);
    gradient.push(...z.map((value, j) => Math.exp(value - largest) / partition - Number(j === label)));
  });
  return { losses, gradient };
}

function run(logits: Float32Array, labels: Int32Array, classes: number) {
  const before = tf.memory().numTensors;
  const inputs = { logits: tf.tensor2d(logits, [labels.length, classes]), labels: tf.tensor1d(labels, 'int32') };
  const outputs = tf.engine().runKernel('SparseSoftmaxCrossEntropy', inputs) as tf.Tensor[];
  const [losses, gradient] = outputs.map((tensor) => Array.from(tensor.dataSync()));
  tf.dispose([outputs, inputs]);
  expect(tf.memory().numTensors).toBe(before);
  return { losses: losses!, gradient: gradient! };
}

describe.each([1, 2, 3, 4, 5, 7, 8, 10, 64, 101, 1000])('with %d classes', (classes) => {
  // Differences from 1e-3 to 300: beyond what exp of a float32 can hold, the loss must still be right.
  it.each([1e-3, 1, 10, 300])('is right for logits of size %d', (size) => {
    const batch = 9;
    const logits = randomNumbers(batch * classes, classes).map((value) => size * value);
    const labels = Int32Array.from({ length: batch }, (_, row) => (5 * row) % classes);
    const { losses, gradient } = run(logits, labels, classes);
    const expected = reference(logits, labels, classes);
    losses.forEach((loss, i) => {
      expect(Math.abs(loss - expected.losses[i]!)).toBeLessThanOrEqual(2e-6 * (1 + expected.losses[i]!));
    });
    gradient.forEach((value, i) => {
      expect(Math.abs(value - expected.gradient[i]!)).toBeLessThanOrEqual(1e-6);
    });
  });
});

it('takes a class out of range for a row of zeros', () => {
  const logits = Float32Array.of(1, 2, 3, 4, 5, 6);
  const labels = Int32Array.of(-1, 3);
  const { losses, gradient } = run(logits, labels, 3);
  expect(losses).toEqual([0, 0]);
  const expected = reference(logits, labels, 3).gradient;
  gradient.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 6);
  });
});

it('shows a logit that is not a number', () => {
  const { losses, gradient } = run(Float32Array.of(1, Number.NaN, 0, 0, 0, 1), Int32Array.of(0, 0), 3);
  expect(losses[0]).toBeNaN();
  expect(gradient.slice(0, 3)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  expect(losses[1]).toBeGreaterThan(0);
});

it('takes an empty batch', () => {
  expect(run(new Float32Array(0), new Int32Array(0), 3)).toEqual({ losses: [], gradient: [] });
});

it('says what it takes', () => {
  const inputs = { logits: tf.zeros([1, 2]), labels: tf.zeros([1]) };
  expect(() => tf.engine().runKernel('SparseSoftmaxCrossEntropy', inputs)).toThrow('it takes float32 and int32');
});
