import { type Batch, createStrategy } from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, vi } from 'vitest';
import { type LossName, type Network, TfjsLearner, tensorSource } from '../src/index.js';
import { dataset, METHODS, makeLearner, N, network, repetitions, run } from './smallLearner.js';

/** Norm of all values, in float64. */
const normOf = async (tensor: tf.Tensor) => Math.hypot(...(await tensor.data()));

describe('TfjsLearner', () => {
  it.each([
    ['softmaxCrossEntropy', (label: number) => [0, 1, 2].map((j) => (j === label ? 1 : 0))],
    ['squaredError', (label: number) => [label, 1, -label]],
    ['sigmoidCrossEntropy', (label: number) => [label / 2, 0.5, 1]],
  ] as [LossName, (label: number) => number[]][])(
    'makes the step of the weighted sum of per-sample gradients, %s',
    async (loss, targetOf) => {
      const indices = Int32Array.from([3, 1, 3, 0, 2]);
      const weights = Float32Array.from([0.5, 2, 0, 1, 7]);
      const x = tf.randomNormal([4, 5], 0, 1, 'float32', 11);
      const y = tf.tensor2d([0, 1, 2, 1].map(targetOf));
      const model = network();
      const learner = new TfjsLearner({ model, optimizer: tf.train.sgd(1), loss, train: tensorSource(x, y) });
      const before = await Promise.all(model.getWeights().map((weight) => weight.array()));

      // One gradient a sample, each through the plain formula of the loss.
      const plain = (z: tf.Tensor, t: tf.Tensor): tf.Scalar => {
        if (loss === 'softmaxCrossEntropy') return tf.neg(tf.sum(tf.mul(t, tf.logSoftmax(z)))) as tf.Scalar;
        if (loss === 'squaredError') return tf.mean(tf.square(tf.sub(z, t))) as tf.Scalar;
        const s = tf.sigmoid(z);
        return tf.neg(tf.sum(tf.add(tf.mul(t, tf.log(s)), tf.mul(tf.sub(1, t), tf.log(tf.sub(1, s)))))) as tf.Scalar;
      };
      const variables = model.trainableWeights.map((w) => w.read() as tf.Variable);
      const sum = variables.map((v) => tf.zerosLike(v));
      for (const [k, index] of indices.entries()) {
        const row = (t: tf.Tensor) => t.slice([index], [1]);
        const { grads } = tf.variableGrads(() => plain(model.apply(row(x)) as tf.Tensor, row(y)), variables);
        for (const [i, v] of variables.entries()) {
          sum[i] = tf.add(sum[i], tf.mul(grads[v.name], weights[k] / indices.length));
        }
      }

      await learner.step({ indices, weights, scored: false });
      for (const [i, v] of variables.entries()) {
        const step = tf.sub(tf.tensor(before[i] as tf.TensorLike), v);
        expect(await normOf(tf.sub(step, sum[i]))).toBeLessThan(1e-5 * (1 + (await normOf(sum[i]))));
      }
      // The check can fail: a tenth more on the weight of one sample is far outside the tolerance.
      const row = (t: tf.Tensor) => t.slice([indices[1]], [1]);
      const { grads } = tf.variableGrads(() => plain(model.apply(row(x)) as tf.Tensor, row(y)), variables);
      const off = ((await normOf(grads[variables[0].name])) * 0.1 * weights[1]) / indices.length;
      expect(off).toBeGreaterThan(10 * 1e-5);
    },
  );

  it.each(METHODS)('keeps the number of tensors constant over many steps of %s', async (method) => {
    const learner = makeLearner();
    const strategy = createStrategy(method, { size: N, threshold: 1 });
    await run(learner, strategy, repetitions(30, 6));
    const before = tf.memory().numTensors;
    await run(learner, strategy, repetitions(100, 16));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(METHODS)('gives the same run for the same seed, bit for bit, with %s', async (method) => {
    const once = async (seed: number) =>
      run(makeLearner(), createStrategy(method, { size: N, seed, threshold: 1 }), repetitions(30, 8));
    expect(await once(1)).toEqual(await once(1));
    expect(await once(1)).not.toEqual(await once(2));
  });

  it('gives the weights of a rule, computed from the scores of its own forward pass', async () => {
    const learner = makeLearner();
    const indices = Int32Array.from([0, 1, 2]);
    const expected = await learner.scores(indices);
    let seen: Float32Array | undefined;
    const { weights, scores } = await learner.step({
      indices,
      scored: true,
      weights: (own) => {
        seen = own.slice();
        return Float32Array.from([0, 1, 2]);
      },
    });
    expect(Array.from(weights)).toEqual([0, 1, 2]);
    expect(seen).toEqual(scores);
    (scores as Float32Array).forEach((score, i) => {
      expect(score).toBeCloseTo(expected[i], 5);
    });
  });

  it.each([
    ['softmaxCrossEntropy', [1, 0, 0, 0.25, 0.5, 0.25, 0.5, 0, 1]],
    ['sigmoidCrossEntropy', [1, 0, 0, 0.25, 0.5, 0.25, 0.5, 0, 1]],
    ['squaredError', [1, 0, 0, 0.25, 0.5, 0.25, 0.5, 0, 1]],
  ] as [LossName, number[]][])('gives the losses and scores of %s by their formulas', async (loss, targets) => {
    const z = [0, 0, 0, 3, -4, 1, -20, 30, 5];
    const model: Network = { forward: (inputs) => inputs, variables: [tf.variable(tf.scalar(0))] };
    const row = (values: number[], i: number) => values.slice(3 * i, 3 * i + 3);
    const source = tensorSource(tf.tensor2d(z, [3, 3]), tf.tensor2d(targets, [3, 3]));
    const learner = new TfjsLearner({ model, optimizer: tf.train.sgd(1), loss, train: source });
    const scores = await learner.scores(Int32Array.of(0, 1, 2));
    const { loss: mean } = await learner.evaluate('train');
    let expectedMean = 0;
    for (let i = 0; i < 3; i++) {
      const [outputs, y] = [row(z, i), row(targets, i)];
      const sum = (f: (v: number, j: number) => number) => outputs.reduce((total, v, j) => total + f(v, j), 0);
      const partition = sum((v) => Math.exp(v));
      const mass = y.reduce((total, v) => total + v, 0);
      const sigma = (v: number) => 1 / (1 + Math.exp(-v));
      const expected = {
        softmaxCrossEntropy: {
          loss: sum((v, j) => y[j] * (Math.log(partition) - v)),
          score: Math.sqrt(sum((v, j) => ((Math.exp(v) / partition) * mass - y[j]) ** 2)),
        },
        sigmoidCrossEntropy: {
          loss: sum((v, j) => Math.max(v, 0) - v * y[j] + Math.log1p(Math.exp(-Math.abs(v)))),
          score: Math.sqrt(sum((v, j) => (sigma(v) - y[j]) ** 2)),
        },
        squaredError: {
          loss: sum((v, j) => (v - y[j]) ** 2) / 3,
          score: (2 / 3) * Math.sqrt(sum((v, j) => (v - y[j]) ** 2)),
        },
      }[loss];
      expectedMean += expected.loss / 3;
      expect(Math.abs(scores[i] - expected.score)).toBeLessThan(1e-5 * (1 + expected.score));
    }
    expect(Math.abs(mean - expectedMean)).toBeLessThan(1e-5 * (1 + expectedMean));
  });

  it('trains with dropout and batch statistics, and scores and evaluates without', async () => {
    const modes: [string, boolean][] = [];
    let caller = '';
    const weight = tf.variable(tf.scalar(1));
    const model: Network = {
      forward: (inputs, training) => {
        modes.push([caller, training]);
        return tf.mul(inputs as tf.Tensor, weight);
      },
      variables: [weight],
    };
    const source = tensorSource(tf.ones([4, 1]), tf.zeros([4, 1]));
    const options = { model, optimizer: tf.train.sgd(0.1), loss: 'squaredError' as const, train: source };
    const learner = new TfjsLearner(options);
    const indices = Int32Array.of(0, 1);
    caller = 'step';
    await learner.step({ indices, weights: Float32Array.of(1, 1), scored: true });
    caller = 'score';
    await learner.scores(indices);
    caller = 'evaluate';
    await learner.evaluate('train');
    expect(modes).toEqual([
      ['step', true],
      ['score', false],
      ['evaluate', false],
    ]);
  });

  describe('leaves nothing on the device, and the parameters as they were, when a step fails', () => {
    let isBroken = false;
    const failing = <T>(value: T): T => {
      if (isBroken) throw new Error('not today');
      return value;
    };
    const weights = Float32Array.of(1, 1);
    const options = () => ({ model: network(), optimizer: tf.train.adam(0.01), train: dataset() });
    const crossEntropy = { loss: 'softmaxCrossEntropy' as const };
    const optimizer = tf.train.adam(0.01);
    const apply = optimizer.applyGradients.bind(optimizer);
    optimizer.applyGradients = (gradients) => apply(failing(gradients));

    it.each<[string, () => TfjsLearner, Batch['weights'], RegExp]>([
      [
        'in the rule for the weights',
        () => new TfjsLearner({ ...options(), ...crossEntropy }),
        () => failing(weights),
        /not today/,
      ],
      [
        'by weights of another length',
        () => new TfjsLearner({ ...options(), ...crossEntropy }),
        Float32Array.of(1),
        /1 values for a batch of 2/,
      ],
      [
        'in a metric',
        () =>
          new TfjsLearner({ ...options(), ...crossEntropy, metrics: [() => failing(tf.zeros([2]) as tf.Tensor1D)] }),
        weights,
        /not today/,
      ],
      [
        'in the loss',
        () => new TfjsLearner({ ...options(), loss: (_, z) => failing(tf.mean(tf.square(z), 1) as tf.Tensor1D) }),
        weights,
        /not today/,
      ],
      ['in the optimizer', () => new TfjsLearner({ ...options(), ...crossEntropy, optimizer }), weights, /not today/],
    ])('%s', async (_, make, weights, message) => {
      isBroken = false;
      const learner = make();
      const indices = Int32Array.of(0, 1);
      await learner.step({ indices, weights: Float32Array.of(1, 1), scored: true });
      const before = { tensors: tf.memory().numTensors, state: await learner.getState() };
      isBroken = true;
      await expect(learner.step({ indices, weights, scored: true })).rejects.toThrow(message);
      expect(tf.memory().numTensors).toBe(before.tensors);
      expect(await learner.getState()).toEqual(before.state);
      isBroken = false;
      await learner.step({ indices, weights: Float32Array.of(1, 1), scored: true });
      expect(tf.memory().numTensors).toBe(before.tensors);
    });
  });

  it('begins all reads of a step at once, before another step can be queued', async () => {
    const learner = new TfjsLearner({
      model: network(),
      optimizer: tf.train.sgd(0.1),
      loss: 'softmaxCrossEntropy',
      train: dataset(),
      metrics: [(_, outputs) => tf.max(outputs as tf.Tensor, 1) as tf.Tensor1D],
    });
    const read = vi.spyOn(tf.backend() as { read(dataId: object): Promise<unknown> }, 'read');
    const step = learner.step({ indices: Int32Array.of(0, 1), weights: Float32Array.of(1, 1), scored: true });
    expect(read).toHaveBeenCalledTimes(3);
    read.mockRestore();
    await step;
  });

  it('tells gather, step, scoring and read-back apart', async () => {
    // The clock moves where the work is done, by another amount in each part.
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    const weight = tf.variable(tf.scalar(1));
    const source = tensorSource(tf.ones([4, 1]), tf.zeros([4, 1]));
    const learner = new TfjsLearner({
      model: {
        forward: (inputs) => {
          now += 100;
          return tf.mul(inputs as tf.Tensor, weight);
        },
        variables: [weight],
      },
      optimizer: tf.train.sgd(0.1),
      loss: {
        objective: (_, outputs) => ({
          losses: () => tf.sum(outputs as tf.Tensor, 1) as tf.Tensor1D,
          scores: () => {
            now += 1000;
            const scores = tf.sum(outputs as tf.Tensor, 1) as tf.Tensor1D;
            const data = scores.data.bind(scores);
            scores.data = (async () => {
              now += 10_000;
              return data();
            }) as typeof scores.data;
            return scores;
          },
        }),
      },
      train: {
        size: source.size,
        take: (indices) => {
          now += 10;
          return source.take(indices);
        },
      },
    });
    const batch = { indices: Int32Array.of(0, 1), weights: Float32Array.of(1, 1), scored: true };
    const { seconds } = await learner.step(batch);
    clock.mockRestore();
    const expected = { sampling: 0, gather: 0.01, step: 0.1, scoring: 1, readBack: 10, update: 0 };
    for (const [phase, value] of Object.entries(expected)) {
      expect(seconds[phase as keyof typeof seconds]).toBeCloseTo(value, 9);
    }
  });

  it('scores a model that ends in softmax at its logits, for a loss given as a function', async () => {
    const logits = tf.tensor2d([[2, 0, -1]]);
    const head = tf.sequential({ layers: [tf.layers.softmax({ inputShape: [3] })] });
    const crossEntropy = (y: tf.Tensor, p: tf.Tensor) => tf.neg(tf.sum(tf.mul(y, tf.log(p)), 1)) as tf.Tensor1D;
    const y = tf.tensor2d([[0, 1, 0]]);
    const options = { optimizer: tf.train.sgd(1), loss: crossEntropy, train: tensorSource(logits, y) };
    const [score] = await new TfjsLearner({ model: head, ...options }).scores(Int32Array.of(0));
    expect(score).toBeCloseTo(await normOf(tf.sub(tf.softmax(logits), y)), 5);
  });

  it('evaluates the mean loss and the error of a whole split in batches', async () => {
    const data = dataset();
    const model = network();
    const options = {
      model,
      optimizer: tf.train.sgd(1),
      loss: 'softmaxCrossEntropy' as const,
      train: data,
      test: data,
    };
    const inOne = await new TfjsLearner(options).evaluate('train');
    const inMany = await new TfjsLearner({ ...options, evaluationBatchSize: 7 }).evaluate('test');
    const { inputs, targets } = data.take(Int32Array.from({ length: N }, (_, i) => i));
    const z = model.predict(inputs) as tf.Tensor2D;
    const labels = targets as tf.Tensor1D;
    const [loss] = await tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 3), z).data();
    const [right] = await z.argMax(1).equal(labels).sum().data();
    for (const evaluation of [inOne, inMany]) {
      expect(evaluation.loss).toBeCloseTo(loss, 5);
      expect(evaluation.error).toBeCloseTo(1 - right / N, 6);
    }
  });

  it('trains a plain function with variables', async () => {
    const slope = tf.variable(tf.scalar(0));
    const offset = tf.variable(tf.scalar(0));
    const plain: Network = {
      forward: (inputs) => tf.add(tf.mul(inputs as tf.Tensor, slope), offset),
      variables: [slope, offset],
    };
    const x = tf.linspace(-1, 1, N).reshape([N, 1]);
    const source = tensorSource(x, tf.add(tf.mul(x, 2), 1));
    const learner = new TfjsLearner({
      model: plain,
      optimizer: tf.train.sgd(0.3),
      loss: 'squaredError',
      train: source,
    });
    await run(learner, createStrategy('memory-is', { size: N }), 60);
    expect((await slope.data())[0]).toBeCloseTo(2, 2);
    expect((await offset.data())[0]).toBeCloseTo(1, 2);
  });

  it('takes any per-sample loss and any score', async () => {
    const x = tf.linspace(-1, 1, N).reshape([N, 1]);
    const huber = (y: tf.Tensor, z: tf.Tensor) =>
      tf.sum(tf.losses.huberLoss(y, z, undefined, 1, tf.Reduction.NONE), 1) as tf.Tensor1D;
    for (const score of [
      'output-gradient',
      'loss',
      (y: tf.Tensor, z: tf.Tensor) => tf.abs(tf.sub(y, z)).sum(1),
    ] as const) {
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
      const learner = new TfjsLearner({
        model,
        optimizer: tf.train.sgd(0.5),
        loss: huber,
        score: score as 'loss',
        train: tensorSource(x, tf.mul(x, 2)),
        test: tensorSource(x, tf.mul(x, 2)),
      });
      const before = (await learner.evaluate('test')).loss;
      await run(learner, createStrategy('memory-is', { size: N }), 40);
      expect((await learner.evaluate('test')).loss).toBeLessThan(before / 10);
    }
  });
});

describe('TfjsLearner refuses', () => {
  const source = () => tensorSource(tf.zeros([4, 5]), tf.zeros([4], 'int32'));

  it('a model whose outputs are probabilities, wherever the softmax is', () => {
    const head = (...layers: tf.layers.Layer[]) =>
      tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [5] }), ...layers] });
    const optimizer = tf.train.sgd(1);
    for (const model of [
      head(tf.layers.softmax({})),
      head(tf.layers.activation({ activation: 'softmax' })),
      head(tf.layers.dense({ units: 3, activation: 'softmax' }), tf.layers.reshape({ targetShape: [3] })),
      tf.sequential({ layers: [head(tf.layers.softmax({}))] }),
    ]) {
      const make = () => new TfjsLearner({ model, optimizer, loss: 'softmaxCrossEntropy', train: source() });
      expect(make).toThrow(/output 0 of the model ends in softmax/);
    }
  });

  it('an unknown loss, a state of another model and a split it does not have', async () => {
    const options = { model: network(), optimizer: tf.train.sgd(1), train: source() };
    expect(() => new TfjsLearner({ ...options, loss: 'hinge' as LossName })).toThrow(/no loss "hinge"/);
    const learner = new TfjsLearner({ ...options, loss: 'softmaxCrossEntropy' });
    await expect(learner.evaluate('test')).rejects.toThrow(/no test samples/);
    const other = new TfjsLearner({ ...options, model: network(9), loss: 'softmaxCrossEntropy' });
    await expect(learner.setState(await other.getState())).rejects.toThrow(/restore it into the model/);
  });

  it('data of different length', () => {
    expect(() => tensorSource(tf.zeros([4, 5]), tf.zeros([3]))).toThrow(/4, 3 samples/);
  });
});
