import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { type Activation, mlp, smallCnn } from '../src/index.js';
import { expectVariance } from './expectVariance.js';
import { lossesOf, stripes, trackModels, weightsOf } from './trackModels.js';

const { keep } = trackModels();

const kernelsOf = (model: tf.Sequential) => weightsOf(model).filter((_, i) => i % 2 === 0);

const mlpParameters = (widths: number[]) =>
  widths.slice(1).reduce((sum, width, i) => sum + (widths[i]! + 1) * width, 0);

describe('mlp', () => {
  test.each([
    [[784], [256, 256], 10],
    [[28, 28, 1], [256, 256], 10],
    [[2], [], 3],
    [[5, 7], [11, 4, 3], 1],
  ])('from %j through %j to %i: shapes and number of parameters', (inputShape, hidden, outputs) => {
    const model = keep(mlp({ inputShape, hidden, outputs, seed: 1 }));
    expect(model.inputs[0]!.shape).toEqual([null, ...inputShape]);
    const values = inputShape.reduce((product, dimension) => product * dimension, 1);
    expect(model.countParams()).toBe(mlpParameters([values, ...hidden, outputs]));
    tf.tidy(() => {
      expect((model.predict(tf.ones([3, ...inputShape])) as tf.Tensor).shape).toEqual([3, outputs]);
    });
  });

  test('computes what its weights say, ending in logits without an activation', () => {
    const model = keep(mlp({ inputShape: [2, 1], hidden: [3], outputs: 2, seed: 5 }));
    const [kernel, , head] = weightsOf(model) as [Float32Array, Float32Array, Float32Array];
    const x = [0.8, -1.7];
    const features = [0, 1, 2].map((j) => Math.max(0, x[0]! * kernel[j]! + x[1]! * kernel[3 + j]!));
    const logits = [0, 1].map((k) => features.reduce((sum, h, j) => sum + h * head[2 * j + k]!, 0));
    tf.tidy(() => {
      const output = (model.predict(tf.tensor(x, [1, 2, 1])) as tf.Tensor).dataSync();
      logits.forEach((logit, k) => {
        expect(output[k]).toBeCloseTo(logit, 6);
      });
    });
  });

  test.each([
    [{ inputShape: [] }, 'The number of dimensions of inputShape is 0'],
    [{ inputShape: [28, 0] }, 'inputShape[1] is 0; it must be an integer ≥ 1.'],
    [{ outputs: 2.5 }, 'outputs is 2.5'],
    [{ hidden: [8, -1] }, 'hidden[1] is -1'],
    [{ activation: 'softmax' as Activation }, 'activation is "softmax"; it must be one of relu,'],
    [{ activation: 'toString' as Activation }, 'activation is "toString"'],
    [{ seed: -1 }, 'seed is -1; it must be an integer in [0, 2³² − 1].'],
    [{ seed: 0.5 }, 'seed is 0.5'],
  ])('refuses %j', (change, message) => {
    expect(() => mlp({ inputShape: [4], outputs: 2, ...change })).toThrow(message);
  });
});

describe('smallCnn', () => {
  /** Blocks of 9cf + f, then two dense layers on what the poolings leave over. */
  const parameters = ([height, width, channels]: number[], filters: number[], hidden: number, classes: number) => {
    const depths = [channels!, ...filters];
    const blocks = filters.reduce((sum, f, i) => sum + 9 * depths[i]! * f + f, 0);
    const halved = (side: number) => filters.reduce((rest) => Math.floor(rest / 2), side);
    return blocks + mlpParameters([halved(height!) * halved(width!) * depths.at(-1)!, hidden, classes]);
  };

  test.each<[[number, number, number], number[], number, number]>([
    [[28, 28, 1], [16, 32], 64, 10],
    [[32, 32, 3], [16, 32], 64, 10],
    [[9, 13, 2], [4, 5, 6], 7, 3],
    [[5, 5, 1], [], 8, 2],
  ])('from %j with filters %j: shapes and number of parameters', (inputShape, filters, hidden, classes) => {
    const model = keep(smallCnn({ inputShape, filters, hidden, classes, seed: 1 }));
    expect(model.countParams()).toBe(parameters(inputShape, filters, hidden, classes));
    tf.tidy(() => {
      expect((model.predict(tf.ones([2, ...inputShape])) as tf.Tensor).shape).toEqual([2, classes]);
    });
  });

  test('has the documented number of parameters by default', () => {
    expect(keep(smallCnn({ inputShape: [28, 28, 1], classes: 10 })).countParams()).toBe(105_866);
    expect(keep(smallCnn({ inputShape: [32, 32, 3], classes: 10 })).countParams()).toBe(136_874);
  });

  test.each([
    [{ inputShape: [3, 8, 1] as [number, number, number] }, '2 blocks need height and width ≥ 4'],
    [{ inputShape: [8, 8] as unknown as [number, number, number] }, 'it must be [height, width, channels]'],
    [{ classes: 0 }, 'classes is 0'],
    [{ filters: [4, 0.5] }, 'filters[1] is 0.5'],
    [{ hidden: 0 }, 'hidden is 0'],
    [{ seed: 2 ** 32 }, 'seed is 4294967296'],
    [{ activation: 'swoosh' as Activation }, 'activation is "swoosh"'],
  ])('refuses %j', (change, message) => {
    expect(() => smallCnn({ inputShape: [8, 8, 1], classes: 2, ...change })).toThrow(message);
  });
});

describe.each([
  ['mlp', (seed?: number) => mlp({ inputShape: [16], hidden: [16, 16], outputs: 16, seed })],
  ['smallCnn', (seed?: number) => smallCnn({ inputShape: [4, 4, 8], filters: [8, 8], hidden: 8, classes: 8, seed })],
])('the weights of %s', (_, make) => {
  test.each([0, 1, 4294967295])('are the same bit for bit for the same seed %i', (seed) => {
    expect(weightsOf(keep(make(seed)))).toEqual(weightsOf(keep(make(seed))));
  });

  test('differ in every layer for another seed, even a neighbouring one', () => {
    const [first, second] = [kernelsOf(keep(make(1))), kernelsOf(keep(make(2)))];
    first.forEach((kernel, layer) => {
      expect(kernel).not.toEqual(second[layer]);
    });
  });

  test('differ from layer to layer, beyond a factor, within and across neighbouring seeds', () => {
    const shapes = [1, 2, 3].flatMap((seed) => kernelsOf(keep(make(seed))));
    const normalised = shapes.map((kernel) =>
      kernel
        .slice(0, 64)
        .map((value) => value / kernel[0]!)
        .join(),
    );
    expect(new Set(normalised).size).toBe(shapes.length);
  });

  test('start with biases of zero, and without a seed with those of seed 0', () => {
    const biases = weightsOf(keep(make(3))).filter((_, i) => i % 2 === 1);
    expect(biases.every((bias) => bias.every((value) => value === 0))).toBe(true);
    expect(weightsOf(keep(make()))).toEqual(weightsOf(keep(make(0))));
  });
});

describe('initial variance', () => {
  const [fanIn, fanOut] = [300, 200];
  const HE = 2 / fanIn;
  const LECUN = 1 / fanIn;
  const GLOROT = 2 / (fanIn + fanOut);

  const cases: [Activation, number][] = [
    ['relu', HE],
    ['elu', HE],
    ['swish', HE],
    ['gelu', HE],
    ['selu', LECUN],
    ['tanh', GLOROT],
    ['sigmoid', GLOROT],
    ['linear', GLOROT],
  ];
  test.each(cases)('of a layer with %s is %d, and the check would notice one 5 % off', (activation, variance) => {
    const model = keep(mlp({ inputShape: [fanIn], hidden: [fanOut], outputs: 100, activation, seed: 7 }));
    const [hidden, logits] = kernelsOf(model) as [Float32Array, Float32Array];
    expectVariance(hidden, variance);
    expect(() => expectVariance(hidden, 1.05 * variance)).toThrow();
    expectVariance(logits, 2 / (fanOut + 100));
  });

  test('of a convolution counts the window into the fan', () => {
    const model = keep(smallCnn({ inputShape: [4, 4, 32], filters: [128], classes: 2, seed: 7 }));
    const [kernel] = kernelsOf(model) as [Float32Array];
    expectVariance(kernel, 2 / (9 * 32));
    expect(() => expectVariance(kernel, 1.05 * (2 / (9 * 32)))).toThrow();
  });

  test('keeps the signal of a deep ReLU network at its scale', () => {
    const model = keep(mlp({ inputShape: [128], hidden: new Array(10).fill(128), outputs: 128, seed: 8 }));
    tf.tidy(() => {
      const output = model.predict(tf.randomNormal([64, 128], 0, 1, 'float32', 9)) as tf.Tensor;
      const meanSquare = output.square().mean().dataSync()[0]!;
      expect(meanSquare).toBeGreaterThan(0.1);
      expect(meanSquare).toBeLessThan(10);
    });
  });
});

describe('training', () => {
  test('fits XOR with an mlp, which a linear model cannot', () => {
    const x = tf.tensor2d([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
    const y = tf.tensor2d([1, 0, 0, 1, 0, 1, 1, 0], [4, 2]);
    const network = keep(mlp({ inputShape: [2], hidden: [16], outputs: 2, activation: 'tanh', seed: 1 }));
    const linear = keep(mlp({ inputShape: [2], hidden: [], outputs: 2, seed: 1 }));
    expect(lossesOf(network, x, y, 200).after).toBeLessThan(0.05);
    expect(lossesOf(linear, x, y, 200).after).toBeGreaterThan(Math.LN2 - 1e-3);
    tf.dispose([x, y]);
  });

  test('teaches a smallCnn to tell horizontal from vertical stripes', () => {
    const { x, y } = stripes(8, 8);
    const model = keep(smallCnn({ inputShape: [8, 8, 1], filters: [4, 8], hidden: 16, classes: 2, seed: 1 }));
    const { before, after } = lossesOf(model, x, y, 40);
    expect(before).toBeGreaterThan(0.3);
    expect(after).toBeLessThan(0.05);
    tf.dispose([x, y]);
  });
});
