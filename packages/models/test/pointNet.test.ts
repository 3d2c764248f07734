import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { pointNet } from '../src/index.js';
import { lossesOf, trackModels, weightsOf } from './trackModels.js';

const { keep } = trackModels();

const tiny = { inputShape: [6, 3] as [number, number], classes: 2, shared: [5, 8], hidden: [16] };

/** Points on a sphere, and in a ball of the same size, in turn: [count, points, 3], and their classes [count, 2]. */
function spheresAndBalls(count: number, points: number) {
  return tf.tidy(() => {
    const directions = tf.randomNormal([count, points, 3], 0, 1, 'float32', 1);
    const onSphere = tf.div(directions, tf.norm(directions, 2, 2, true));
    const radius = tf.pow(tf.randomUniform([count, points, 1], 0, 1, 'float32', 2), 1 / 3);
    const classes = tf.tensor2d(Array.from({ length: count }, (_, n) => (n % 2 ? [0, 1] : [1, 0])));
    const isBall = tf.slice(classes, [0, 1], [count, 1]).reshape([count, 1, 1]);
    const x = tf.mul(onSphere, tf.add(tf.sub(1, isBall), tf.mul(isBall, radius)));
    return { x, y: classes };
  });
}

describe('pointNet', () => {
  test('has the documented number of parameters by default', () => {
    expect(keep(pointNet({ inputShape: [1024, 3], classes: 40 })).countParams()).toBe(181_672);
  });

  test.each([
    [[16, 3], [8, 16], [], false],
    [[5, 2], [4], [6, 3], false],
    [[16, 3], [8, 16], [6], true],
  ] as const)('of %j through %j and %j, batch normalisation %s: shapes and number of parameters', (...options) => {
    const [inputShape, shared, hidden, batchNormalization] = options;
    const model = keep(pointNet({ inputShape, classes: 3, shared, hidden, batchNormalization }));
    const widths = [inputShape[1], ...shared, ...hidden];
    // A dense layer has a bias, or a normalisation with two trained values and two averages in its place.
    const extra = batchNormalization ? 4 : 1;
    const layers = widths.slice(1).reduce((sum, width, i) => sum + (widths[i]! + extra) * width, 0);
    expect(model.countParams()).toBe(layers + (widths.at(-1)! + 1) * 3);
    tf.tidy(() => {
      expect((model.predict(tf.ones([2, ...inputShape])) as tf.Tensor).shape).toEqual([2, 3]);
    });
  });

  test('computes the largest feature over the points, as its weights say', () => {
    const model = keep(pointNet({ inputShape: [4, 2], classes: 2, shared: [3, 5], seed: 5 }));
    const weights = weightsOf(model);
    const points = tf.tidy(() => Array.from(tf.randomNormal([4 * 2], 0, 1, 'float32', 1).dataSync()));
    const dense = (x: number[], layer: number, isRelu: boolean) => {
      const [kernel, bias] = [weights[2 * layer]!, weights[2 * layer + 1]!];
      return Array.from(bias, (b, j) => {
        const y = x.reduce((sum, value, i) => sum + value * kernel[i * bias.length + j]!, b);
        return isRelu ? Math.max(0, y) : y;
      });
    };
    const features = [0, 1, 2, 3].map((point) =>
      dense(dense(points.slice(2 * point, 2 * point + 2), 0, true), 1, true),
    );
    const largest = features[0]!.map((_, i) => Math.max(...features.map((own) => own[i]!)));
    const logits = dense(largest, 2, false);
    tf.tidy(() => {
      const output = (model.predict(tf.tensor3d(points, [1, 4, 2])) as tf.Tensor).dataSync();
      logits.forEach((logit, k) => {
        expect(output[k]).toBeCloseTo(logit, 6);
      });
    });
  });

  test.each([false, true])(
    'does not depend on the order of the points (batch normalisation: %s)',
    (batchNormalization) => {
      const model = keep(pointNet({ ...tiny, batchNormalization }));
      tf.tidy(() => {
        const x = tf.randomNormal([3, 6, 3], 0, 1, 'float32', 1);
        const output = (points: tf.Tensor) => (model.predict(points) as tf.Tensor).dataSync();
        expect(output(tf.reverse(x, 1))).toEqual(output(x));
        expect(output(tf.reverse(x, 2))).not.toEqual(output(x));
      });
    },
  );

  test('has the same weights bit for bit for the same seed, and others in every kernel for another', () => {
    const make = (seed?: number) => weightsOf(keep(pointNet({ ...tiny, seed })));
    expect(make(7)).toEqual(make(7));
    expect(make()).toEqual(make(0));
    const other = make(8);
    for (const i of [0, 2, 4, 6]) expect(make(7)[i]).not.toEqual(other[i]);
  });

  test.each([false, true])('learns to tell spheres from balls (batch normalisation: %s)', (batchNormalization) => {
    const { x, y } = spheresAndBalls(12, 24);
    const model = keep(
      pointNet({ inputShape: [24, 3], classes: 2, shared: [16, 16], hidden: [8], batchNormalization, seed: 1 }),
    );
    const { before, after } = lossesOf(model, x, y, 60);
    expect(before).toBeGreaterThan(0.4);
    expect(after).toBeLessThan(0.15);
    tf.dispose([x, y]);
  });

  test.each([
    [{ inputShape: [8] as unknown as [number, number] }, 'inputShape is [8]; it must be [points, coordinates].'],
    [{ inputShape: [8, 0] as [number, number] }, 'inputShape[1] is 0'],
    [{ classes: 0 }, 'classes is 0'],
    [{ shared: [] }, 'The number of layers in shared is 0'],
    [{ shared: [4, 0] }, 'shared[1] is 0'],
    [{ hidden: [0.5] }, 'hidden[0] is 0.5'],
    [{ seed: -1 }, 'seed is -1'],
  ])('refuses %j', (change, message) => {
    expect(() => pointNet({ ...tiny, ...change })).toThrow(message);
  });
});
