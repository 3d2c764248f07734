import { RandomGenerator } from '@gradis/samplers';
import { createStrategy, type Strategy, strategyFromState, TrainingProgress, train } from '@gradis/training';
import { installWasmTraining } from '@gradis/wasm-training';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type LossName, misclassified, type Network, TfjsLearner, tensorSource } from '../src/index.js';

const N = 40;
const METHODS = ['uniform', 'memory-is', 'memory-as', 'dlis', 'low'] as const;

function dataset() {
  const random = new RandomGenerator(7);
  const x = tf.tensor2d(
    Float32Array.from({ length: N * 5 }, () => random.normal()),
    [N, 5],
  );
  const labels = tf.tensor1d(
    Int32Array.from({ length: N }, () => random.integer(3)),
    'int32',
  );
  return tensorSource(x, labels);
}

function network(hidden = 6): tf.LayersModel {
  const layer = (units: number, seed: number, inputShape?: number[]) =>
    tf.layers.dense({
      units,
      inputShape,
      activation: seed === 1 ? 'tanh' : 'linear',
      kernelInitializer: tf.initializers.glorotNormal({ seed }),
    });
  return tf.sequential({ layers: [layer(hidden, 1, [5]), layer(3, 2)] });
}

function makeLearner(optimizer: tf.Optimizer = tf.train.adam(0.01)): TfjsLearner {
  const data = dataset();
  return new TfjsLearner({ model: network(), optimizer, loss: 'softmaxCrossEntropy', train: data, test: data });
}

async function run(learner: TfjsLearner, strategy: Strategy, steps: number, progress = new TrainingProgress()) {
  const losses: number[] = [];
  const stop = new AbortController();
  const options = { batchSize: 8, evaluate: [], signal: stop.signal, progress };
  if (steps === 0) return losses;
  for await (const event of train(learner, strategy, options)) {
    if (event.kind !== 'step') continue;
    losses.push(...event.result.losses);
    if (event.step >= steps) stop.abort();
  }
  return losses;
}

describe.each(['cpu', 'wasm'])('TfjsLearner on %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') await installWasmTraining();
    await tf.setBackend(backend);
    await tf.ready();
  });

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
      const before = model.getWeights().map((w) => w.arraySync());

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
        const difference = tf.norm(tf.sub(step, sum[i])).dataSync()[0];
        expect(difference).toBeLessThan(1e-5 * (1 + tf.norm(sum[i]).dataSync()[0]));
      }
      // The check can fail: a tenth more on the weight of one sample is far outside the tolerance.
      const row = (t: tf.Tensor) => t.slice([indices[1]], [1]);
      const off = tf.norm(
        tf.variableGrads(() => plain(model.apply(row(x)) as tf.Tensor, row(y)), variables).grads[variables[0].name],
      );
      expect((off.dataSync()[0] * 0.1 * weights[1]) / indices.length).toBeGreaterThan(10 * 1e-5);
    },
  );

  it.each(METHODS)('keeps the number of tensors constant over 500 steps of %s', async (method) => {
    const learner = makeLearner();
    const strategy = createStrategy(method, { size: N, threshold: 1 });
    await run(learner, strategy, 30);
    const before = tf.memory().numTensors;
    await run(learner, strategy, 500);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(METHODS)('gives the same run for the same seed, bit for bit, with %s', async (method) => {
    const once = async (seed: number) =>
      run(makeLearner(), createStrategy(method, { size: N, seed, threshold: 1 }), 60);
    expect(await once(1)).toEqual(await once(1));
    expect(await once(1)).not.toEqual(await once(2));
  });

  it.each([
    ['adam', () => tf.train.adam(0.01)],
    ['momentum', () => tf.train.momentum(0.05, 0.9)],
    ['sgd', () => tf.train.sgd(0.05)],
    ['rmsprop', () => tf.train.rmsprop(0.01)],
  ])('continues from a saved state as if it had not stopped, with %s', async (_, optimizer) => {
    const whole = await run(makeLearner(optimizer()), createStrategy('memory-is', { size: N }), 40);

    const learner = makeLearner(optimizer());
    const strategy = createStrategy('memory-is', { size: N });
    const progress = new TrainingProgress();
    const first = await run(learner, strategy, 17, progress);
    const saved = structuredClone({
      learner: await learner.getState(),
      strategy: strategy.getState(),
      progress: progress.getState(),
    });

    const restored = makeLearner(optimizer());
    await restored.setState(saved.learner);
    const rest = await run(restored, strategyFromState(saved.strategy), 40, TrainingProgress.fromState(saved.progress));
    expect([...first, ...rest]).toEqual(whole);
  });

  it('gives the weights of a rule, computed from the scores of its own forward pass', async () => {
    const learner = makeLearner();
    const indices = Int32Array.from([0, 1, 2]);
    const expected = await learner.score(indices);
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
    const scores = await learner.score(Int32Array.of(0, 1, 2));
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
    await learner.score(indices);
    caller = 'evaluate';
    await learner.evaluate('train');
    expect(modes).toEqual([
      ['step', true],
      ['score', false],
      ['evaluate', false],
    ]);
  });

  it('saves and restores the moving averages of batch normalisation', async () => {
    const make = () => {
      const norm = tf.layers.batchNormalization({ inputShape: [5] });
      const head = tf.layers.dense({ units: 3, kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }) });
      const model = tf.sequential({ layers: [norm, head] });
      const data = dataset();
      const options = { model, optimizer: tf.train.adam(0.01), train: data, test: data };
      return { model, learner: new TfjsLearner({ ...options, loss: 'softmaxCrossEntropy' }) };
    };
    const { model, learner } = make();
    await run(learner, createStrategy('memory-is', { size: N }), 20);
    const fresh = make();
    const movingMean = (m: tf.LayersModel) => Array.from(m.layers[0].getWeights()[2].dataSync());
    expect(movingMean(model)).not.toEqual(movingMean(fresh.model));
    await fresh.learner.setState(structuredClone(await learner.getState()));
    expect(movingMean(fresh.model)).toEqual(movingMean(model));
    expect(await fresh.learner.evaluate('test')).toEqual(await learner.evaluate('test'));
  });

  it('leaves nothing on the device, and the parameters as they were, when a weight rule throws', async () => {
    const learner = makeLearner();
    const indices = Int32Array.of(0, 1);
    await learner.step({ indices, weights: Float32Array.of(1, 1), scored: true });
    const before = { tensors: tf.memory().numTensors, state: await learner.getState() };
    const weights = () => {
      throw new Error('no weights today');
    };
    await expect(learner.step({ indices, weights, scored: true })).rejects.toThrow('no weights today');
    expect(tf.memory().numTensors).toBe(before.tensors);
    expect(await learner.getState()).toEqual(before.state);
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
    const [score] = await new TfjsLearner({ model: head, ...options }).score(Int32Array.of(0));
    expect(score).toBeCloseTo(tf.norm(tf.sub(tf.softmax(logits), y)).dataSync()[0], 5);
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
    const loss = tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 3), z).dataSync()[0];
    const right = z.argMax(1).equal(labels).sum().dataSync()[0];
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
      optimizer: tf.train.sgd(0.2),
      loss: 'squaredError',
      train: source,
    });
    await run(learner, createStrategy('memory-is', { size: N }), 300);
    expect(slope.dataSync()[0]).toBeCloseTo(2, 2);
    expect(offset.dataSync()[0]).toBeCloseTo(1, 2);
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
        optimizer: tf.train.sgd(0.1),
        loss: huber,
        score: score as 'loss',
        train: tensorSource(x, tf.mul(x, 2)),
        test: tensorSource(x, tf.mul(x, 2)),
      });
      const before = (await learner.evaluate('test')).loss;
      await run(learner, createStrategy('memory-is', { size: N }), 200);
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

describe('misclassified', () => {
  it('compares the largest output with the class, for indices, columns of indices and one-hot or soft labels', () => {
    const outputs = tf.tensor2d([
      [3, 1, 2],
      [0, 1, 2],
      [0, 5, 1],
    ]);
    for (const labels of [
      tf.tensor1d([0, 1, 1], 'int32'),
      tf.tensor2d([[0], [1], [1]]),
      tf.tensor2d([
        [1, 0, 0],
        [0, 1, 0],
        [0.1, 0.7, 0.2],
      ]),
    ]) {
      expect(Array.from(misclassified(labels, outputs).dataSync())).toEqual([0, 1, 0]);
    }
  });
});
