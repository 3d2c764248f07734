import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { type LossName, type Network, TfjsLearner, tensorSource } from '../src/index.js';

const ROWS = 64;
const LOSSES: LossName[] = ['softmaxCrossEntropy', 'sigmoidCrossEntropy', 'squaredError'];

/** A network that gives its inputs. */
const identity: Network = { forward: (inputs) => inputs, variables: [] };

/** One-hot rows of the largest logit. */
const bestOf = (z: tf.Tensor) => tf.equal(z, tf.max(z, 1, true)).toFloat();

/** Losses of these logits, from an inference pass and from a step, which must be the same. */
async function lossesOf(loss: LossName, logits: tf.Tensor, targets: tf.Tensor): Promise<number[]> {
  const indices = Int32Array.from({ length: logits.shape[0] ?? 0 }, (_, i) => i);
  const offset = tf.variable(tf.zeros([1]));
  const model: Network = { ...identity, forward: (inputs) => tf.add(inputs as tf.Tensor, offset), variables: [offset] };
  const learner = new TfjsLearner({ model, optimizer: tf.train.sgd(0), loss, train: tensorSource(logits, targets) });
  const inference = await learner.losses(indices);
  const step = await learner.step({ indices, weights: new Float32Array(indices.length).fill(1), scored: true });
  expect(step.losses).toEqual(inference);
  return Array.from(inference);
}

describe('the losses', () => {
  it.each(LOSSES.flatMap((loss) => [1e-8, 1e-3, 1, 17, 90, 1e4].map((scale) => [loss, scale] as const)))(
    'of %s are never negative at logits of size %s, whatever the targets',
    async (loss, scale) => {
      for (const classes of [1, 2, 10]) {
        const z = tf.randomNormal([ROWS, classes], 0, scale, 'float32', classes);
        const targets = tf.concat([bestOf(z), tf.softmax(z), tf.sigmoid(z), tf.clipByValue(z, 0, 1)]);
        expect(Math.min(...(await lossesOf(loss, tf.tile(z, [4, 1]), targets)))).toBeGreaterThanOrEqual(0);
      }
    },
  );

  it('of softmaxCrossEntropy are not negative where one logit outweighs all others', async () => {
    const z = tf.tensor2d(Array.from({ length: ROWS }, (_, i) => [i / ROWS, -50, -60]));
    expect(Math.min(...(await lossesOf('softmaxCrossEntropy', z, bestOf(z))))).toBe(0);
    // The check can fail: the formula without the shift by the largest logit rounds below 0 here.
    const unshifted = tf.sub(tf.log(tf.sum(tf.exp(z), 1)), tf.max(z, 1));
    expect(Math.min(...(await unshifted.data()))).toBeLessThan(0);
  });

  it.each(LOSSES)('of %s are 0 for outputs that say exactly what the targets say', async (loss) => {
    const oneHot = tf
      .oneHot(
        Array.from({ length: ROWS }, (_, i) => i % 5),
        5,
      )
      .toFloat();
    const logits = loss === 'squaredError' ? oneHot : tf.mul(tf.sub(oneHot, 0.5), 2e4);
    expect(await lossesOf(loss, logits, oneHot)).toEqual(Array(ROWS).fill(0));
  });

  it.each(LOSSES)('of %s at ±10,000 are finite and grow with the distance from the target', async (loss) => {
    const wrong = tf.tile(tf.tensor2d([[1e4, -1e4]]), [ROWS, 1]);
    const targets = tf.tile(tf.tensor2d([[0, 1]]), [ROWS, 1]);
    const expected = { softmaxCrossEntropy: 2e4, sigmoidCrossEntropy: 2e4, squaredError: (1e8 + 10001 ** 2) / 2 }[loss];
    for (const value of await lossesOf(loss, wrong, targets)) expect(Math.abs(value / expected - 1)).toBeLessThan(1e-6);
  });
});
