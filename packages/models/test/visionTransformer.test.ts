import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { visionTransformer } from '../src/index.js';
import { lossesOf, stripes, trackModels, weightsOf } from './trackModels.js';

const { keep } = trackModels();

const tiny = { inputShape: [8, 8, 1] as [number, number, number], classes: 2, width: 12, depth: 2 };

describe('visionTransformer', () => {
  test('has the documented number of parameters by default', () => {
    expect(keep(visionTransformer({ inputShape: [32, 32, 3], classes: 10 })).countParams()).toBe(1_803_466);
  });

  test.each([
    { inputShape: [8, 12, 2], classes: 3, patch: 4, width: 8, depth: 2, heads: 2 },
    { inputShape: [5, 5, 1], classes: 2, patch: 1, width: 3, depth: 1, heads: 1 },
  ] as const)('of %j: shapes and number of parameters', (options) => {
    const { inputShape, classes, patch, width, depth } = options;
    const model = keep(visionTransformer(options));
    const tokens = (inputShape[0] / patch) * (inputShape[1] / patch);
    const embedding = (patch * patch * inputShape[2] + 1 + tokens) * width;
    const blocks = depth * (12 * width * width + 13 * width);
    expect(model.countParams()).toBe(embedding + blocks + 2 * width + (width + 1) * classes);
    tf.tidy(() => {
      expect((model.predict(tf.ones([2, ...inputShape])) as tf.Tensor).shape).toEqual([2, classes]);
    });
  });

  test('depends on where a patch is, by its positions', () => {
    const model = keep(visionTransformer(tiny));
    tf.tidy(() => {
      const image = tf.randomNormal([1, 8, 8, 1], 0, 1, 'float32', 1) as tf.Tensor4D;
      const swapped = tf.concat([image.slice([0, 4], [1, 4]), image.slice([0, 0], [1, 4])], 1);
      const difference = () =>
        tf.max(tf.abs(tf.sub(model.predict(image) as tf.Tensor, model.predict(swapped) as tf.Tensor))).dataSync()[0];
      expect(difference()).toBeGreaterThan(1e-3);
      const positions = model.weights.find(({ name }) => name.includes('positions'))!;
      positions.write(tf.zerosLike(positions.read()));
      expect(difference()).toBeLessThan(1e-5);
    });
  });

  test('has the same weights bit for bit for the same seed, and others in every kernel for another', () => {
    const make = (seed?: number) => weightsOf(keep(visionTransformer({ ...tiny, seed })));
    expect(make(7)).toEqual(make(7));
    expect(make()).toEqual(make(0));
    const other = make(8);
    const kernels = make(7).flatMap((weight, i) => (new Set(weight).size > 1 ? [i] : []));
    // Four in each of the blocks, the embedding, the positions and the logits.
    expect(kernels).toHaveLength(4 * tiny.depth + 3);
    for (const i of kernels) expect(make(7)[i]).not.toEqual(other[i]);
  });

  test('learns to tell horizontal from vertical stripes', () => {
    const { x, y } = stripes(8, 8);
    const { before, after } = lossesOf(keep(visionTransformer(tiny)), x, y, 30);
    expect(before).toBeGreaterThan(0.3);
    expect(after).toBeLessThan(0.05);
    tf.dispose([x, y]);
  });

  test.each([
    [{ inputShape: [8, 8] as unknown as [number, number, number] }, 'it must be [height, width, channels]'],
    [{ classes: 0 }, 'classes is 0'],
    [{ patch: 3 }, 'patch is 3; it must divide the height, 8.'],
    [{ heads: 5 }, 'heads is 5; it must divide width, 12.'],
    [{ depth: 0 }, 'depth is 0'],
    [{ seed: 0.5 }, 'seed is 0.5'],
  ])('refuses %j', (change, message) => {
    expect(() => visionTransformer({ ...tiny, ...change })).toThrow(message);
  });
});
