import { ResamplingSampler } from '@gradis/samplers';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { fitWithImportance } from '../src/index.js';
import { repetitions } from './smallLearner.js';

const N = 48;
const CLASSES = 3;

/** Three noisy clusters on a line of features. */
function clusters(): { x: tf.Tensor2D; labels: number[] } {
  const labels = Array.from({ length: N }, (_, i) => i % CLASSES);
  const values = labels.flatMap((label, i) => [label - 1 + 0.3 * Math.sin(7 * i), Math.cos(5 * i)]);
  return { x: tf.tensor2d(values, [N, 2]), labels };
}

function classifier(loss: string, activation: 'softmax' | 'sigmoid' = 'softmax'): tf.Sequential {
  const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, activation: 'tanh', inputShape: [2], kernelInitializer: seeded(1) }),
      tf.layers.dense({ units: CLASSES, activation, kernelInitializer: seeded(2) }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.05), loss, metrics: ['accuracy'] });
  return model;
}

async function weightsOf(model: tf.LayersModel): Promise<number[]> {
  const values = await Promise.all(model.getWeights().map((weight) => weight.data()));
  return values.flatMap((part) => Array.from(part));
}

function expectClose(actual: number[], expected: number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(tolerance);
  });
}

describe('fitWithImportance', () => {
  it.each(['uniform', 'memory-is'] as const)(
    'gives the weights and the history of model.fit for full batches in the first epoch, with %s',
    async (sampler) => {
      const { x, labels } = clusters();
      const y = tf.tensor2d(labels, [N, 1]);
      const theirs = classifier('sparseCategoricalCrossentropy');
      const ours = classifier('sparseCategoricalCrossentropy');
      const epochs = sampler === 'uniform' ? 5 : 1;
      const expected = await theirs.fit(x, y, { epochs, batchSize: N, validationData: [x, y] });
      const actual = await fitWithImportance(ours, x, y, { epochs, batchSize: N, sampler, validationData: [x, y] });
      expect(Object.keys(actual.history).sort()).toEqual(Object.keys(expected.history).sort());
      for (const key of Object.keys(expected.history)) {
        expectClose(actual.history[key] as number[], expected.history[key] as number[], 1e-5);
      }
      expect(actual.epoch).toEqual(expected.epoch);
      expectClose(await weightsOf(ours), await weightsOf(theirs), 1e-5);
    },
  );

  it('includes regularisers in the loss as model.fit does', async () => {
    const { x, labels } = clusters();
    const make = () => {
      const kernelRegularizer = tf.regularizers.l2({ l2: 0.1 });
      const kernelInitializer = tf.initializers.glorotUniform({ seed: 3 });
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelRegularizer, kernelInitializer })],
      });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      return model;
    };
    const theirs = make();
    const ours = make();
    const y = tf.tensor1d(labels);
    const expected = await theirs.fit(x, y, { epochs: 3, batchSize: N });
    const actual = await fitWithImportance(ours, x, y, { epochs: 3, batchSize: N, sampler: 'uniform' });
    expectClose(actual.history.loss as number[], expected.history.loss as number[], 1e-5);
    expectClose(await weightsOf(ours), await weightsOf(theirs), 1e-5);
  });

  it('takes class indices and one-hot labels for either loss, and arrays as well as tensors', async () => {
    const { x, labels } = clusters();
    const oneHot = labels.map((label) => Array.from({ length: CLASSES }, (_, j) => (j === label ? 1 : 0)));
    const flat = Float32Array.from(await x.data());
    const results: number[][] = [];
    for (const loss of ['categoricalCrossentropy', 'sparseCategoricalCrossentropy']) {
      for (const [inputs, targets] of [
        [x, tf.tensor1d(labels, 'int32')],
        [x, tf.tensor2d(oneHot)],
        [await x.array(), oneHot],
        [flat, labels],
      ] as const) {
        const model = classifier(loss);
        const { history } = await fitWithImportance(model, inputs, targets, {
          epochs: repetitions(3, 1),
          batchSize: 16,
          seed: 4,
        });
        results.push(history.loss as number[]);
      }
    }
    for (const result of results) expectClose(result, results[0], 1e-5);
  });

  it('leaves no tensor behind and does not dispose the data of the caller', async () => {
    const { x, labels } = clusters();
    const model = classifier('categoricalCrossentropy');
    await fitWithImportance(model, x, labels, { batchSize: 16 });
    const before = tf.memory().numTensors;
    await fitWithImportance(model, x, labels, { batchSize: 16, epochs: 3, validationData: [x, labels] });
    expect(tf.memory().numTensors).toBe(before);
    expect(x.isDisposed).toBe(false);
  });

  it('calls the callbacks in the order of model.fit', async () => {
    const { x, labels } = clusters();
    const trace = (calls: string[]): tf.CustomCallbackArgs => ({
      onTrainBegin: () => void calls.push('train'),
      onEpochBegin: (epoch) => void calls.push(`epoch ${epoch}`),
      onBatchBegin: (batch) => void calls.push(`batch ${batch}`),
      onBatchEnd: (batch, logs) => void calls.push(`batch ${batch} end ${Object.keys(logs ?? {}).sort()}`),
      onEpochEnd: (epoch, logs) => void calls.push(`epoch ${epoch} end ${Object.keys(logs ?? {}).sort()}`),
      onTrainEnd: () => void calls.push('train end'),
    });
    const theirs: string[] = [];
    const ours: string[] = [];
    const y = tf.tensor2d(labels, [N, 1]);
    const loss = 'sparseCategoricalCrossentropy';
    await classifier(loss).fit(x, y, { epochs: 2, batchSize: 20, callbacks: trace(theirs), validationData: [x, y] });
    const options = {
      epochs: 2,
      batchSize: 20,
      callbacks: trace(ours),
      validationData: [x, y] as [tf.Tensor, tf.Tensor],
    };
    await fitWithImportance(classifier(loss), x, y, options);
    expect(ours).toEqual(theirs);
  });

  it('stops when a callback asks for it', async () => {
    const { x, labels } = clusters();
    const model = classifier('categoricalCrossentropy');
    const callbacks = tf.callbacks.earlyStopping({ monitor: 'loss', minDelta: 10 });
    const { epoch } = await fitWithImportance(model, x, labels, { epochs: 10, callbacks });
    expect(epoch.length).toBe(2);
  });

  it('trains models with two inputs and two outputs', async () => {
    const { x, labels } = clusters();
    const a = tf.input({ shape: [1], name: 'a' });
    const b = tf.input({ shape: [1], name: 'b' });
    const both = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
    const kind = tf.layers.dense({ units: CLASSES, activation: 'softmax', name: 'kind' }).apply(both);
    const place = tf.layers.dense({ units: 1, name: 'place' }).apply(both);
    const model = tf.model({ inputs: [a, b], outputs: [kind, place] as tf.SymbolicTensor[] });
    const loss = ['sparseCategoricalCrossentropy', 'meanSquaredError'];
    model.compile({ optimizer: tf.train.adam(0.05), loss });
    const inputs = { a: x.slice([0, 0], [N, 1]), b: x.slice([0, 1], [N, 1]) };
    const epochs = repetitions(20, 4);
    const { history } = await fitWithImportance(model, inputs, [labels, labels.map((l) => l / 2)], { epochs });
    const losses = history.loss as number[];
    expect(losses[epochs - 1]).toBeLessThan(losses[0]);
    expect(Object.keys(history).length).toBe(3);
  });

  it('gives losses and metrics of the whole training set, whatever was drawn', async () => {
    // A model that does not move: the estimates of every epoch must agree with its evaluation.
    const { x, labels } = clusters();
    const model = classifier('sparseCategoricalCrossentropy');
    model.compile({ optimizer: tf.train.sgd(0), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    const scalars = model.evaluate(x, tf.tensor2d(labels, [N, 1])) as tf.Scalar[];
    const [loss, acc] = await Promise.all(scalars.map(async (scalar) => (await scalar.data())[0]));
    for (const sampler of ['memory-is', 'memory-as'] as const) {
      const options = { epochs: repetitions(60, 20), batchSize: 16, sampler, seed: 3 };
      const { history } = await fitWithImportance(model, x, labels, options);
      for (const [key, truth] of [
        ['loss', loss],
        ['acc', acc],
      ] as const) {
        const estimates = (history[key] as number[]).slice(1);
        const mean = estimates.reduce((sum, v) => sum + v, 0) / estimates.length;
        const variance = estimates.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (estimates.length - 1);
        // Six standard errors: a false alarm in 5·10⁸.
        expect(Math.abs(mean - truth)).toBeLessThan(6 * Math.sqrt(variance / estimates.length));
      }
    }
  });

  it.each(['softmaxCrossEntropy', 'meanSquaredError', 'absoluteDifference', 'huberLoss'] as const)(
    'trains a model compiled with tf.losses.%s as model.fit does',
    async (name) => {
      const { x, labels } = clusters();
      const y = tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES).toFloat();
      const make = () => {
        const kernelInitializer = tf.initializers.glorotUniform({ seed: 2 });
        const model = tf.sequential({
          layers: [tf.layers.dense({ units: CLASSES, inputShape: [2], kernelInitializer })],
        });
        model.compile({ optimizer: tf.train.sgd(0.1), loss: tf.losses[name] });
        return model;
      };
      const [theirs, ours] = [make(), make()];
      const expected = await theirs.fit(x, y, { epochs: 3, batchSize: N });
      const actual = await fitWithImportance(ours, x, y, { epochs: 3, batchSize: N, sampler: 'uniform', verbose: 0 });
      expectClose(actual.history.loss as number[], expected.history.loss as number[], 1e-5);
      expectClose(await weightsOf(ours), await weightsOf(theirs), 1e-5);
    },
  );

  it('counts from the initial epoch, and gives callbacks the params of model.fit', async () => {
    const { x, labels } = clusters();
    const y = tf.tensor2d(labels, [N, 1]);
    const options = { epochs: 4, initialEpoch: 2, batchSize: 20, validationData: [x, y] as [tf.Tensor, tf.Tensor] };
    const theirs = await classifier('sparseCategoricalCrossentropy').fit(x, y, { ...options, verbose: 0 });
    const ours = await fitWithImportance(classifier('sparseCategoricalCrossentropy'), x, y, options);
    expect(ours.epoch).toEqual(theirs.epoch);
    const { steps, ...params } = ours.params;
    const { steps: _, ...expected } = theirs.params;
    expect(params).toEqual(expected);
    expect(steps).toBe(3);
  });

  it('numbers repeated metrics as model.fit does', async () => {
    const { x, labels } = clusters();
    const make = () => {
      const model = classifier('sparseCategoricalCrossentropy');
      const metrics = ['accuracy', 'accuracy'];
      model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', metrics });
      return model;
    };
    const theirs = await make().fit(x, tf.tensor2d(labels, [N, 1]));
    const ours = await fitWithImportance(make(), x, labels);
    expect(Object.keys(ours.history).sort()).toEqual(Object.keys(theirs.history).sort());
  });

  it('lets a resampling sampler resample', async () => {
    const { x, labels } = clusters();
    const sampler = new ResamplingSampler(N, { threshold: 0, presampleFactor: 2 });
    await fitWithImportance(classifier('categoricalCrossentropy'), x, labels, { epochs: 2, batchSize: 8, sampler });
    expect(sampler.resampledSteps).toBeGreaterThan(5);
  });

  it('takes class indices over time', async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 3, activation: 'softmax', inputShape: [3, 2] })],
    });
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
    const y = tf.tensor2d([
      [0, 1, 2],
      [2, 1, 0],
    ]);
    const { history } = await fitWithImportance(model, tf.ones([2, 3, 2]), y, { batchSize: 2 });
    expect(Number(history.loss[0])).toBeGreaterThan(0);
  });

  it.each(['memory-is', 'memory-as', 'dlis', 'low', 'uniform'] as const)('learns with %s', async (sampler) => {
    const { x, labels } = clusters();
    const model = classifier('categoricalCrossentropy');
    await fitWithImportance(model, x, labels, { epochs: repetitions(15, 6), batchSize: 8, sampler });
    const predictions = await tf.argMax(model.predict(x) as tf.Tensor, 1).data();
    expect(labels.filter((label, i) => predictions[i] === label).length / N).toBeGreaterThan(0.9);
  });
});

describe('fitWithImportance refuses', () => {
  const { x, labels } = tf.tidy(clusters);
  const compiled = () => classifier('categoricalCrossentropy');

  it('a model that is not compiled', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    await expect(fitWithImportance(model, x, labels)).rejects.toThrow(/not compiled/);
  });

  it('inputs of the wrong shape', async () => {
    await expect(fitWithImportance(compiled(), tf.zeros([N, 3]), labels)).rejects.toThrow(/expects \[N,2\]/);
  });

  it('different numbers of inputs and targets', async () => {
    await expect(fitWithImportance(compiled(), x, labels.slice(1))).rejects.toThrow(/48, 47 samples/);
  });

  it('options and scores it does not know', async () => {
    const options = { batchsize: 8, classWeight: {} } as object;
    await expect(fitWithImportance(compiled(), x, labels, options)).rejects.toThrow(/no option batchsize, classWeight/);
    const score = 'nope' as 'loss';
    await expect(fitWithImportance(compiled(), x, labels, { score })).rejects.toThrow(/score is nope; it must be/);
  });

  it('class indices that do not exist, and counts that are none', async () => {
    await expect(
      fitWithImportance(
        compiled(),
        x,
        labels.map((l) => l + 1),
      ),
    ).rejects.toThrow(/class index 3; with 3/);
    await expect(fitWithImportance(compiled(), x, labels, { epochs: Number.NaN })).rejects.toThrow(/epochs is NaN/);
    await expect(fitWithImportance(compiled(), x, labels, { batchSize: 0 })).rejects.toThrow(/batchSize is 0/);
  });

  it('validation data that do not fit, without leaving the training data behind', async () => {
    const model = compiled();
    const before = tf.memory().numTensors;
    const validationData = [(await x.array()).map((row) => [...row, 0]), labels] as [number[][], number[]];
    await expect(fitWithImportance(model, x, labels, { validationData })).rejects.toThrow(/expects \[N,2\]/);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('an unknown method and a loss that is not finite', async () => {
    const sampler = 'magic' as 'uniform';
    await expect(fitWithImportance(compiled(), x, labels, { sampler })).rejects.toThrow(/no method "magic"/);
    await expect(fitWithImportance(compiled(), tf.fill([N, 2], Number.NaN), labels)).rejects.toThrow(
      /(losses|scores)\[0\] is NaN/,
    );
  });
});
