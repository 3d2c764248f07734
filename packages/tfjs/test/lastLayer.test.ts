import { RandomGenerator } from '@gradis/samplers';
import { createStrategy } from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  compiledObjective,
  createObjective,
  type DataSource,
  fitWithImportance,
  type LossName,
  type Network,
  type Objective,
  type Score,
  TfjsLearner,
  type TfjsLearnerOptions,
  tensorSource,
} from '../src/index.js';
import { dataset, N, network, repetitions, run } from './smallLearner.js';

const BATCH = 6;
const UNITS = 3;
const ALL = Int32Array.from({ length: BATCH }, (_, i) => i);
const WHOLE_BATCH = { indices: ALL, weights: new Float32Array(BATCH).fill(1), scored: true };

type Loss = (targets: tf.Tensor, outputs: tf.Tensor) => tf.Tensor;
type Activation = NonNullable<Parameters<typeof tf.layers.activation>[0]['activation']>;

/** The losses of one sample by their plain formulas, to be differentiated automatically. */
const plainLosses = {
  softmaxCrossEntropy: (y, z) => tf.neg(tf.sum(tf.mul(y, tf.logSoftmax(z)))),
  squaredError: (y, z) => tf.mean(tf.square(tf.sub(z, y))),
  absoluteError: (y, z) => tf.mean(tf.abs(tf.sub(z, y))),
  crossEntropy: (y, p) => tf.neg(tf.sum(tf.mul(y, tf.log(p)))),
} satisfies { [name: string]: Loss };

function randoms(shape: number[], seed: number): tf.Tensor {
  const random = new RandomGenerator(seed);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
    shape,
  );
}

const kernelInitializer = tf.initializers.glorotNormal({ seed: 5 });
const biasInitializer = tf.initializers.randomNormal({ seed: 6 });
const initializers = { kernelInitializer, biasInitializer };

/** Hidden units, the last dense layer, and what comes after it. */
function mlp(activation: Activation = 'linear', ...after: tf.layers.Layer[]): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, inputShape: [4], activation: 'tanh', ...initializers }),
      tf.layers.dense({ units: UNITS, activation, ...initializers }),
      ...after,
    ],
  });
}

function cnn(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1], activation: 'relu', ...initializers }),
      tf.layers.flatten(),
      tf.layers.dense({ units: UNITS, ...initializers }),
    ],
  });
}

function oneLayer(inputShape: number[]): tf.Sequential {
  return tf.sequential({ layers: [tf.layers.dense({ units: UNITS, inputShape })] });
}

/** One dense layer on the inputs themselves, as a functional model. */
function linearModel(): tf.LayersModel {
  const input = tf.input({ shape: [4] });
  const output = tf.layers.dense({ units: UNITS, ...initializers }).apply(input) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: output });
}

/** Norm of the gradient with respect to kernel and bias of the last dense layer, one sample at a time. */
function gradientNorms(model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor, loss: Loss): Promise<number[]> {
  const [kernel, bias] = model.trainableWeights.slice(-2).map((weight) => weight.read() as tf.Variable);
  const gradients = Array.from({ length: BATCH }, (_, i) =>
    tf.tidy(() => {
      const row = (t: tf.Tensor) => t.slice([i], [1]);
      const lossOf = () => loss(row(y), model.apply(row(x)) as tf.Tensor) as tf.Scalar;
      return Object.values(tf.variableGrads(lossOf, [kernel, bias]).grads);
    }),
  );
  return Promise.all(gradients.map(normOf));
}

/** A learner that asks for the score, of a squared error unless the options say otherwise. */
function lastLayerLearner(
  model: tf.LayersModel | Network,
  train: DataSource,
  { optimizer = tf.train.sgd(0), ...options }: Partial<TfjsLearnerOptions> = {},
): TfjsLearner {
  return new TfjsLearner({ model, train, optimizer, loss: 'squaredError', score: 'last-layer', ...options });
}

/** Norm of the values of all tensors together, in float64. */
async function normOf(tensors: tf.Tensor[]): Promise<number> {
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  return Math.hypot(...values.flatMap((part) => Array.from(part)));
}

function agree(scores: ArrayLike<number>, norms: number[]): boolean {
  return norms.every((norm, i) => Math.abs(scores[i] - norm) < 1e-6 + 2e-5 * norm);
}

const sigmoidLayer = () => tf.layers.activation({ activation: 'sigmoid' });
const meanAbsoluteError = (y: tf.Tensor, z: tf.Tensor) => tf.mean(tf.abs(tf.sub(z, y)), 1) as tf.Tensor1D;

type Case = [string, () => tf.LayersModel, LossName | typeof meanAbsoluteError | 'compiled', Loss];
const { softmaxCrossEntropy, squaredError, absoluteError, crossEntropy } = plainLosses;
const cases: Case[] = [
  ['softmax cross-entropy', mlp, 'softmaxCrossEntropy', softmaxCrossEntropy],
  ['squared error', mlp, 'squaredError', squaredError],
  ['squared error of a tanh', () => mlp('tanh'), 'squaredError', squaredError],
  ['squared error of a sigmoid layer', () => mlp('linear', sigmoidLayer()), 'squaredError', squaredError],
  ['squared error of a ReLU layer', () => mlp('linear', tf.layers.reLU({})), 'squaredError', squaredError],
  ['a loss given as a function', mlp, meanAbsoluteError, absoluteError],
  ['convolutional features', cnn, 'softmaxCrossEntropy', softmaxCrossEntropy],
  ['the inputs as features', linearModel, 'softmaxCrossEntropy', softmaxCrossEntropy],
  ['a compiled model', () => mlp('softmax'), 'compiled', crossEntropy],
  ['a compiled model with a softmax layer', () => mlp('linear', tf.layers.softmax({})), 'compiled', crossEntropy],
];

describe("the score 'last-layer'", () => {
  it.each(cases)('is the gradient norm of kernel and bias of the last layer: %s', async (_, makeModel, loss, plain) => {
    const model = makeModel();
    const x = randoms([BATCH, ...(model.inputs[0].shape.slice(1) as number[])], 1);
    const y = tf.softmax(randoms([BATCH, UNITS], 2));
    if (loss === 'compiled') model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    const learner = (score: Score) => {
      const own = loss === 'compiled' ? { objective: compiledObjective(model, score) } : loss;
      return lastLayerLearner(model, tensorSource(x, y), { loss: own, score });
    };
    const norms = await gradientNorms(model, x, y, plain);
    expect(agree(await learner('last-layer').scores(ALL), norms)).toBe(true);
    const { scores } = await learner('last-layer').step(WHOLE_BATCH);
    expect(agree(scores ?? [], norms)).toBe(true);
    // The check can fail: the norm at the outputs, without the features, is another number.
    expect(agree(await learner('output-gradient').scores(ALL), norms)).toBe(false);
  });

  it('comes from the forward pass of the losses, dropout included', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dropout({ rate: 0.5, seed: 3, inputShape: [4] }),
        tf.layers.dense({ units: 1, kernelInitializer: 'ones' }),
      ],
    });
    const train = tensorSource(tf.mul(tf.ones([BATCH, 4]), tf.tensor1d([1, 10, 100, 1000])), tf.zeros([BATCH, 1]));
    const learner = lastLayerLearner(model, train);
    const { losses, scores } = await learner.step(WHOLE_BATCH);
    // What is left of 1, 10, 100 and 1000 is doubled: the loss tells which of them were, and so what the score must be.
    const kept = Array.from(losses, (loss) =>
      String(Math.round(Math.sqrt(loss)))
        .padStart(4, '0')
        .split('')
        .map(Number),
    );
    expect(new Set(kept.map(String)).size).toBeGreaterThan(1);
    const expected = kept.map((digits, i) => {
      const features = digits.map((digit, k) => digit * 10 ** (3 - k));
      return 2 * Math.sqrt(losses[i]) * Math.hypot(1, ...features);
    });
    expect(agree(scores ?? [], expected)).toBe(true);
  });

  it('makes one forward pass a step', async () => {
    const model = mlp();
    let passes = 0;
    const [first] = model.layers;
    const call = first.call.bind(first);
    first.call = (inputs, kwargs) => {
      passes++;
      return call(inputs, kwargs);
    };
    const train = tensorSource(randoms([BATCH, 4], 1), tf.zeros([BATCH, UNITS]));
    const learner = lastLayerLearner(model, train);
    await learner.step(WHOLE_BATCH);
    await learner.scores(ALL);
    expect(passes).toBe(2);
  });

  it('keeps the number of tensors constant, and leaves the layers to whoever disposes the model', async () => {
    const atStart = tf.memory().numTensors;
    const model = network();
    const optimizer = tf.train.adam(0.01);
    const data = dataset();
    const withData = tf.memory().numTensors;
    const learner = lastLayerLearner(model, data, { optimizer, loss: 'softmaxCrossEntropy' });
    expect(tf.memory().numTensors).toBe(withData);
    const strategy = createStrategy('memory-dlis', { size: N });
    await run(learner, strategy, repetitions(20, 6));
    const before = tf.memory().numTensors;
    await run(learner, strategy, repetitions(100, 16));
    await learner.scores(ALL);
    await learner.evaluate('train');
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    optimizer.dispose();
    // Inputs and labels, which the learner does not own.
    expect(tf.memory().numTensors - atStart).toBe(2);
  });

  it('does not change how uniform sampling trains', async () => {
    const trajectory = (score: Score) => {
      const options = { optimizer: tf.train.adam(0.01), loss: 'softmaxCrossEntropy', score } as const;
      return run(
        lastLayerLearner(network(), dataset(), options),
        createStrategy('uniform', { size: N }),
        repetitions(50, 6),
      );
    };
    expect(await trajectory('last-layer')).toEqual(await trajectory('output-gradient'));
  });

  it('is what memory-dlis takes in fitWithImportance, unless another score is given', async () => {
    const x = randoms([BATCH, 4], 1);
    const y = tf.softmax(randoms([BATCH, UNITS], 2));
    const fit = async (sampler: 'memory-dlis' | 'memory-is', score?: Score) => {
      const model = mlp('softmax');
      model.compile({ optimizer: tf.train.adam(0.1), loss: 'categoricalCrossentropy' });
      const { history } = await fitWithImportance(model, x, y, {
        sampler,
        score,
        epochs: repetitions(8, 3),
        batchSize: 2,
      });
      return history.loss;
    };
    const own = await fit('memory-dlis');
    expect(own).toEqual(await fit('memory-is', 'last-layer'));
    expect(own).not.toEqual(await fit('memory-is'));
    expect(await fit('memory-dlis', 'output-gradient')).toEqual(await fit('memory-is'));
  });

  it('takes the features of a function that gives them', async () => {
    const kernel = tf.variable(randoms([4, UNITS], 3));
    const forward = (h: tf.Tensor) => tf.matMul(h as tf.Tensor2D, kernel as tf.Tensor2D);
    const model: Network = {
      variables: [kernel],
      forward: (inputs) => forward(inputs as tf.Tensor),
      forwardWithFeatures: (inputs) => ({ outputs: forward(inputs as tf.Tensor), features: inputs as tf.Tensor }),
    };
    const [x, y] = [randoms([BATCH, 4], 1), randoms([BATCH, UNITS], 2)];
    const train = tensorSource(x, y);
    const learner = lastLayerLearner(model, train);
    const rows = (t: tf.Tensor) => t.array() as Promise<number[][]>;
    const [delta, h] = [await rows(tf.mul(tf.sub(forward(x), y), 2 / UNITS)), await rows(x)];
    const expected = delta.map((row, i) => Math.hypot(...row) * Math.hypot(1, ...h[i]));
    expect(agree(await learner.scores(ALL), expected)).toBe(true);
  });
});

describe("the score 'last-layer' refuses", () => {
  const learner = (model: tf.LayersModel | Network, options?: Partial<TfjsLearnerOptions>) =>
    lastLayerLearner(model, tensorSource(tf.zeros([2, 4]), tf.zeros([2, UNITS])), options);

  it.each([
    [
      'another layer at the end',
      () => mlp('linear', tf.layers.leakyReLU()),
      /this one ends in leaky_re_lu\w* \(LeakyReLU\)\.$/,
    ],
    ['dropout after the dense layer', () => mlp('linear', tf.layers.dropout({ rate: 0.5 })), /\(Dropout\)\.$/],
    [
      'a model at the end',
      () => tf.sequential({ layers: [mlp('tanh'), oneLayer([UNITS])] }),
      /ends in \w+ \(Sequential\)\.$/,
    ],
    ['two activations', () => mlp('tanh', tf.layers.softmax({})), /\(Dense\), then \w+ \(Softmax\)\.$/],
    [
      'a softmax of something else',
      () => mlp('linear', tf.layers.leakyReLU(), tf.layers.softmax({})),
      /\(LeakyReLU\), then \w+ \(Softmax\)\.$/,
    ],
    [
      'a dense layer over time',
      () => oneLayer([7, 4]),
      /one row of features a sample; those into \w+ \(Dense\) have shape \[N,7,4\]/,
    ],
  ] as [string, () => tf.LayersModel, RegExp][])('%s', (_, makeModel, message) => {
    expect(() => learner(makeModel())).toThrow(message);
  });

  it('several outputs', () => {
    const input = tf.input({ shape: [4] });
    const head = () => tf.layers.dense({ units: UNITS }).apply(input) as tf.SymbolicTensor;
    const model = tf.model({ inputs: input, outputs: [head(), head()] });
    const objective: Objective = () => ({ losses: () => tf.zeros([2]), scores: () => tf.zeros([2]) });
    expect(() => learner(model, { loss: { objective } })).toThrow(/a model with one output; this one has 2/);
    model.compile({ optimizer: 'sgd', loss: ['meanSquaredError', 'meanSquaredError'] });
    expect(() => compiledObjective(model, 'last-layer')).toThrow(/score is 'last-layer', .* 2 outputs; take/);
  });

  it('a function that does not give its features, and an objective called without them', () => {
    const model: Network = { forward: (inputs) => inputs, variables: [] };
    expect(() => learner(model)).toThrow(/give it forwardWithFeatures, or take a tf\.LayersModel/);
    const verdict = createObjective('squaredError', 'last-layer')(tf.zeros([1, 1]), tf.ones([1, 1]));
    expect(() => verdict.scores()).toThrow(/no features for the score 'last-layer'/);
  });
});
