import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { resnet18 } from '../src/index.js';
import { lossesOf, stripes, trackModels, weightsOf } from './trackModels.js';

const { keep } = trackModels();

const sizeOf = (weights: tf.LayerVariable[]) =>
  weights.reduce((sum, { shape }) => sum + shape.reduce<number>((product, side) => product * side!, 1), 0);

/** Trained parameters: 9cd of a convolution, cd of a shortcut, 2d of a normalisation, and the logits. */
function parameters(channels: number, width: number, classes: number): number {
  const convolution = (from: number, to: number) => 9 * from * to + 2 * to;
  const stages = [1, 2, 4, 8].map((factor) => {
    const [from, to] = [Math.max(1, factor / 2) * width, factor * width];
    const shortcut = from === to ? 0 : from * to + 2 * to;
    return convolution(from, to) + 3 * convolution(to, to) + shortcut;
  });
  return convolution(channels, width) + stages.reduce((sum, own) => sum + own) + (8 * width + 1) * classes;
}

describe('resnet18', () => {
  test('has the number of parameters that the network is known by', () => {
    const model = keep(resnet18({ inputShape: [32, 32, 3], classes: 10 }));
    expect(sizeOf(model.trainableWeights)).toBe(11_173_962);
    expect(sizeOf(model.nonTrainableWeights)).toBe(9_600);
  });

  test.each<[[number, number, number], number, number]>([
    [[32, 32, 3], 4, 10],
    [[9, 5, 2], 3, 4],
    [[1, 1, 1], 1, 2],
  ])('from %j with width %i to %i classes: shapes and number of parameters', (inputShape, width, classes) => {
    const model = keep(resnet18({ inputShape, classes, width, seed: 1 }));
    expect(sizeOf(model.trainableWeights)).toBe(parameters(inputShape[2], width, classes));
    tf.tidy(() => {
      expect((model.predict(tf.ones([2, ...inputShape])) as tf.Tensor).shape).toEqual([2, classes]);
    });
  });

  test('has 17 convolutions and 3 shortcuts, on images of four sizes', () => {
    const model = keep(resnet18({ inputShape: [32, 32, 3], classes: 10, width: 4 }));
    const convolutions = model.layers.filter((layer) => layer.getClassName() === 'Conv2D');
    const kernels = convolutions.map((layer) => layer.weights[0]!.shape[0]);
    expect(kernels.filter((side) => side === 3)).toHaveLength(17);
    expect(kernels.filter((side) => side === 1)).toHaveLength(3);
    expect([...new Set(convolutions.map((layer) => layer.outputShape[1]))]).toEqual([32, 16, 8, 4]);
  });

  test('passes x on where a block adds nothing to it', () => {
    const model = keep(resnet18({ inputShape: [8, 8, 1], classes: 2, width: 4, seed: 1 }));
    const relus = model.layers.filter((layer) => layer.getClassName() === 'ReLU').map(({ output }) => output);
    // Outputs of the stem, and of the two blocks of the first stage, each after the ReLU within it.
    const [stem, , first, , second] = relus as tf.SymbolicTensor[];
    const parts = tf.model({ inputs: model.inputs, outputs: [stem!, first!, second!] });
    const [, ...betweenBlocks] = model.layers.filter((layer) => layer.getClassName() === 'BatchNormalization');
    tf.tidy(() => {
      for (const layer of betweenBlocks) layer.weights[0]!.write(tf.zeros(layer.weights[0]!.shape as [number]));
      const [x, afterFirst, afterSecond] = parts.predict(tf.randomNormal([2, 8, 8, 1], 0, 1, 'float32', 1)) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      expect(x.max().dataSync()[0]).toBeGreaterThan(0);
      expect(afterFirst.dataSync()).toEqual(x.dataSync());
      expect(afterSecond.dataSync()).toEqual(x.dataSync());
    });
  });

  test('has the same weights bit for bit for the same seed, and others in every kernel for another', () => {
    const make = (seed?: number) => weightsOf(keep(resnet18({ inputShape: [8, 8, 3], classes: 4, width: 2, seed })));
    expect(make(7)).toEqual(make(7));
    expect(make()).toEqual(make(0));
    const other = make(8);
    const kernels = make(7).flatMap((weight, i) => (new Set(weight).size > 1 ? [i] : []));
    expect(kernels).toHaveLength(21);
    for (const i of kernels) expect(make(7)[i]).not.toEqual(other[i]);
  });

  test('learns to tell horizontal from vertical stripes, and its moving averages follow', () => {
    const { x, y } = stripes(8, 8);
    const model = keep(resnet18({ inputShape: [8, 8, 1], classes: 2, width: 4, seed: 1 }));
    const averages = () => model.nonTrainableWeights.map((weight) => Array.from(weight.read().dataSync()));
    const start = averages();
    const { before, after } = lossesOf(model, x, y, 5);
    expect(after).toBeLessThan(0.2 * before);
    averages().forEach((values, i) => {
      expect(values).not.toEqual(start[i]);
    });
    tf.dispose([x, y]);
  });

  test.each([
    [{ inputShape: [8, 8] as unknown as [number, number, number] }, 'it must be [height, width, channels]'],
    [{ inputShape: [8, 0, 1] as [number, number, number] }, 'inputShape[1] is 0'],
    [{ classes: 0 }, 'classes is 0'],
    [{ width: 2.5 }, 'width is 2.5'],
    [{ seed: -1 }, 'seed is -1'],
  ])('refuses %j', (change, message) => {
    expect(() => resnet18({ inputShape: [8, 8, 1], classes: 2, ...change })).toThrow(message);
  });
});
