import { createStrategy, TrainingProgress, train } from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  createDeviceSampler,
  type DeviceMethodName,
  type DeviceTrainEvent,
  type DeviceTrainOptions,
  deviceSamplerFromState,
  TfjsLearner,
  tensorSource,
  trainOnDevice,
} from '../src/index.js';
import { countReads, valuesOf } from './deviceTools.js';
import { makeLearner, N, network, repetitions } from './smallLearner.js';

const METHODS: DeviceMethodName[] = ['uniform', 'memory-is', 'memory-as', 'calibrated', 'low'];

/** Trains on the device and gives all events and why it ended. */
async function trained(method: DeviceMethodName, options: DeviceTrainOptions, learner = makeLearner()) {
  const sampler = createDeviceSampler(method, { size: N, seed: 3, lambda: 1 });
  const events: DeviceTrainEvent[] = [];
  const run = trainOnDevice(learner, sampler, { batchSize: 8, evaluate: [], ...options });
  let next = await run.next();
  for (; !next.done; next = await run.next()) events.push(next.value);
  sampler.dispose();
  return { events, reason: next.value };
}

describe('training on the device', () => {
  it.each(METHODS)('reads nothing between two looks at the telemetry, with %s', async (method) => {
    await trained(method, { epochs: 1 }); // whatever is read once, is read now
    const reads = countReads();
    const { events } = await trained(method, { epochs: 6, telemetryEvery: 4 });
    reads.stop();
    const looks = events.filter(({ kind }) => kind === 'telemetry');
    expect(looks.map((event) => event.kind === 'telemetry' && event.steps)).toEqual(new Array(6).fill([4, 1]).flat());
    expect(reads).toMatchObject({ ofTensors: looks.length, ofKernels: 0 });
  });

  it('would be seen to read by a tensor or by a kernel', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const reads = countReads();
    tf.backend().readSync(x.dataId); // as kernels on the processor read what lies elsewhere
    const readsOfKernel = reads.ofKernels;
    await x.data();
    await x.array();
    reads.stop();
    expect(reads.ofTensors).toBe(2);
    expect(readsOfKernel).toBe(tf.getBackend() === 'cpu' ? 0 : 1);
    await x.data();
    expect(reads.ofTensors).toBe(2);
    tf.dispose(x);
  });

  it.each(METHODS)('keeps the number of tensors constant over 50 steps of %s', async (method) => {
    const learner = makeLearner();
    await trained(method, { epochs: 2 }, learner);
    const before = tf.memory().numTensors;
    await trained(method, { epochs: repetitions(10, 4), telemetryEvery: 7 }, learner);
    expect(tf.memory().numTensors).toBe(before);
  });

  // Draws are the same, so what differs is the rounding of the weights, 10⁻⁶, which the training may amplify.
  it.each(['uniform', 'memory-is', 'memory-as', 'low'] as const)(
    'comes to the same losses and telemetry as training from the host, with %s',
    async (method) => {
      const epochs = repetitions(8, 3);
      const strategy = createStrategy(method, { size: N, seed: 3, lambda: 1 });
      const onHost = [];
      const options = { batchSize: 8, epochs, evaluate: ['train'] as const };
      for await (const event of train(makeLearner(), strategy, { ...options, delay: 0 })) {
        if (event.kind === 'epoch') onHost.push(event);
      }
      const { events, reason } = await trained(method, { ...options, telemetryEvery: 3 });
      const onDevice = events.filter((event) => event.kind === 'epoch');
      expect(reason).toBe('completed');
      expect(onDevice.length).toBe(epochs + 1);
      for (const [i, event] of onDevice.entries()) {
        const { steps, samples, train, estimatedLoss = 0, telemetry } = onHost[i];
        expect(event).toMatchObject({ epoch: i, steps, samples });
        expect(Math.abs((event.train?.loss ?? 0) / (train?.loss ?? 0) - 1)).toBeLessThan(1e-3);
        expect(Math.abs((event.estimatedLoss ?? 0) - estimatedLoss)).toBeLessThan(1e-3 * estimatedLoss + 1e-12);
        expect(event.telemetry?.count).toBe(telemetry?.count);
        if (!telemetry) continue;
        expect(event.telemetry?.secondMomentRatio).toBeCloseTo(telemetry.secondMomentRatio, 3);
        expect(event.telemetry?.effectiveSampleSizeShare).toBeCloseTo(telemetry.effectiveSampleSizeShare, 3);
      }
      expect(onDevice[epochs].train?.loss).toBeLessThan(0.97 * (onDevice[0].train?.loss ?? 0));
    },
  );

  it('comes as far as training from the host with calibrated, whose draws are others', async () => {
    const epochs = repetitions(12, 4);
    const lossOf = async (run: AsyncIterable<{ kind: string; train?: { loss: number } }>) => {
      const losses: number[] = [];
      for await (const { kind, train } of run) if (kind === 'epoch') losses.push(train?.loss ?? Number.NaN);
      return losses;
    };
    const options = { batchSize: 8, epochs, evaluate: ['train'] as const };
    const onHost = await lossOf(train(makeLearner(), createStrategy('calibrated', { size: N, seed: 3 }), options));
    const sampler = createDeviceSampler('calibrated', { size: N, seed: 3 });
    const onDevice = await lossOf(trainOnDevice(makeLearner(), sampler, options));
    sampler.dispose();
    const gain = onHost[0] - onHost[epochs];
    expect(gain).toBeGreaterThan(0.03);
    expect(Math.abs(onDevice[epochs] - onHost[epochs])).toBeLessThan(0.3 * gain);
  });

  it('tells of each stretch of steps, a stretch later, what the progress adds up', async () => {
    const progress = new TrainingProgress();
    const { events } = await trained('memory-is', { epochs: 2, telemetryEvery: 2, progress });
    expect(events.map((event) => (event.kind === 'telemetry' ? event.step : `epoch ${event.epoch}`))).toEqual([
      'epoch 0',
      2,
      4,
      5,
      'epoch 1',
      7,
      9,
      10,
      'epoch 2',
    ]);
    const [second] = events.filter((event) => event.kind === 'epoch' && event.epoch === 2);
    const stretches = events.filter((event) => event.kind === 'telemetry' && event.epoch === 2);
    const mean =
      stretches.reduce((sum, event) => sum + (event.kind === 'telemetry' ? event.steps * event.loss : 0), 0) / 5;
    expect(second.kind === 'epoch' && second.estimatedLoss).toBeCloseTo(mean, 5);
    for (const event of stretches) {
      expect(event.telemetry?.count).toBe(event.kind === 'telemetry' && 8 * event.steps);
    }
    expect(progress).toMatchObject({ epoch: 2, steps: 10, samples: 2 * N });
    expect(progress.seconds.sampling * progress.seconds.step * progress.seconds.update).toBeGreaterThan(0);
  });

  it('ends a run that diverges at the next look, and the sampler still draws', async () => {
    const before = tf.memory().numTensors;
    const x = tf.randomNormal([N, 2], 0, 1, 'float32', 1);
    const learner = new TfjsLearner({
      model: tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] }),
      optimizer: tf.train.sgd(1e15),
      loss: 'squaredError',
      train: tensorSource(x, tf.ones([N, 1])),
    });
    const made = tf.memory().numTensors;
    const sampler = createDeviceSampler('memory-is', { size: N });
    const progress = new TrainingProgress();
    const run = trainOnDevice(learner, sampler, { batchSize: 8, epochs: 9, evaluate: [], telemetryEvery: 2, progress });
    let next = await run.next();
    while (!next.done) next = await run.next();
    expect(next.value).toBe('diverged');
    expect(progress.steps).toBeLessThan(4);
    for (let k = 0; k < 10; k++) {
      const { indices, weights, importanceWeights } = sampler.draw(8);
      for (const index of await valuesOf(indices)) expect(index >= 0 && index < N).toBe(true);
      tf.dispose([weights ?? [], importanceWeights ?? []] as tf.TensorContainer);
    }
    sampler.dispose();
    expect(tf.memory().numTensors).toBe(made);
    expect(made).toBeGreaterThan(before);
  });

  it('ends with an error at the next look where a score is negative', async () => {
    const before = tf.memory().numTensors;
    const data = tensorSource(tf.ones([N, 2]), tf.ones([N, 1]));
    const learner = new TfjsLearner({
      model: tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] }),
      optimizer: tf.train.sgd(0.1),
      loss: 'squaredError',
      score: (_, outputs) => tf.sub(tf.mul(tf.reshape(outputs, [-1]), 0), 1) as tf.Tensor1D,
      train: data,
    });
    const made = tf.memory().numTensors;
    const sampler = createDeviceSampler('memory-is', { size: N });
    const run = trainOnDevice(learner, sampler, { batchSize: 8, epochs: 9, evaluate: [], telemetryEvery: 2 });
    await expect(async () => {
      for (let next = await run.next(); !next.done; next = await run.next());
    }).rejects.toThrow(/scores\[0\] is -1/);
    sampler.dispose();
    expect(tf.memory().numTensors).toBe(made);
    expect(made).toBeGreaterThan(before);
  });

  it.each(METHODS)('goes on from the state of a sampler of %s', async (method) => {
    const sampler = createDeviceSampler(method, { size: N, seed: 3, lambda: 1 });
    const scores = tf.linspace(1, 2, 8);
    for (let step = 0; step < 8; step++) {
      const { indices } = sampler.draw(8);
      sampler.observe(indices, scores);
    }
    const other = deviceSamplerFromState(method, await sampler.getState(), { lambda: 1 });
    const [draw, restored] = [sampler.draw(8), other.draw(8)];
    if (method === 'low') expect(restored.weights).toBeTypeOf('function');
    if (method !== 'calibrated') expect(await valuesOf(restored.indices)).toEqual(await valuesOf(draw.indices));
    expect(await valuesOf(other.probabilities())).toEqual(await valuesOf(sampler.probabilities()));
    tf.dispose([scores, draw, restored] as unknown as tf.TensorContainer);
    sampler.dispose();
    other.dispose();
  });

  it('ends when it is aborted or the budget is used up, with everything read, and goes on from there', async () => {
    const stop = new AbortController();
    const progress = new TrainingProgress();
    const learner = makeLearner();
    const sampler = createDeviceSampler('memory-is', { size: N, seed: 3 });
    const options = { batchSize: 8, evaluate: [], telemetryEvery: 2, progress };
    const run = trainOnDevice(learner, sampler, { ...options, epochs: 3, signal: stop.signal });
    let next = await run.next();
    for (; !next.done; next = await run.next()) {
      if (next.value.kind === 'telemetry') stop.abort();
    }
    expect(next.value).toBe('aborted');
    expect(progress).toMatchObject({ epoch: 0, steps: 4, stepsInEpoch: 4 });

    const events: DeviceTrainEvent[] = [];
    for await (const event of trainOnDevice(learner, sampler, { ...options, epochs: 1 })) events.push(event);
    expect(events.map(({ kind }) => kind)).toEqual(['telemetry', 'epoch']);
    expect(progress).toMatchObject({ epoch: 1, steps: 5 });

    const spent = trainOnDevice(learner, sampler, { ...options, budgetSeconds: progress.seconds.step + 1e9 });
    expect((await spent.next()).value).toMatchObject({ kind: 'telemetry', step: 7 });
    await spent.return('aborted');
    const over = trainOnDevice(learner, sampler, { ...options, budgetSeconds: 1e-9, progress: new TrainingProgress() });
    const seen: number[] = [];
    let last = await over.next();
    for (; !last.done; last = await over.next()) {
      seen.push(last.value.kind === 'epoch' ? last.value.epoch : last.value.step);
    }
    expect(seen).toEqual([0, 1, 0.2]); // before training, after the first step, and the share of an epoch that it is
    expect(last.value).toBe('budget');
    sampler.dispose();
  });

  it('leaves nothing behind when whoever trains has seen enough', async () => {
    const learner = makeLearner();
    await trained('memory-is', { epochs: 1 }, learner);
    const before = tf.memory().numTensors;
    const sampler = createDeviceSampler('memory-is', { size: N });
    for await (const event of trainOnDevice(learner, sampler, { batchSize: 8, epochs: 9, telemetryEvery: 2 })) {
      if (event.kind === 'telemetry') break;
    }
    sampler.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses options out of their range, a sampler of another size, and samples that are not on the device', async () => {
    const sampler = createDeviceSampler('uniform', { size: N });
    const learner = makeLearner();
    const first = (options: DeviceTrainOptions) => trainOnDevice(learner, sampler, options).next();
    await expect(first({ epochs: 1, batchSize: 0 })).rejects.toThrow('batchSize is 0');
    await expect(first({ epochs: -1 })).rejects.toThrow('epochs is -1');
    await expect(first({ epochs: 1, budgetSeconds: 0 })).rejects.toThrow('budgetSeconds is 0');
    await expect(first({ epochs: 1, telemetryEvery: 0 })).rejects.toThrow('telemetryEvery is 0');
    await expect(first({})).rejects.toThrow('training would never end');
    const other = createDeviceSampler('uniform', { size: N + 1 });
    await expect(trainOnDevice(learner, other, { epochs: 1 }).next()).rejects.toThrow(
      `the sampler draws from ${N + 1} samples, the learner has ${N}`,
    );
    const gather = (indices: Int32Array) => ({
      inputs: { data: new Float32Array(5 * indices.length), shape: [indices.length, 5] },
      targets: { data: new Int32Array(indices.length), shape: [indices.length] },
    });
    const onHost = new TfjsLearner({
      model: network(),
      optimizer: tf.train.sgd(1),
      loss: 'softmaxCrossEntropy',
      train: { size: N, gather },
    });
    const run = trainOnDevice(onHost, sampler, { epochs: 1, evaluate: [] });
    await run.next();
    const before = tf.memory().numTensors;
    await expect(run.next()).rejects.toThrow(/not on the device; give the learner/);
    expect(tf.memory().numTensors).toBe(before);
  });
});
