import { CalibratedSampler, type CalibratedSamplerOptions, RandomGenerator } from '@gradis/samplers';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { DeviceCalibratedSampler } from '../src/index.js';
import { expectFrequencies, valuesOf, worstError } from './deviceTools.js';
import { repetitions } from './smallLearner.js';

/** A batch that was observed. */
interface Observation {
  indices: Int32Array;
  scores: Float32Array;
}

/** Scores over three decades with noise, which fall in the course of the training. */
function observationOf(indices: Int32Array, step: number, random: RandomGenerator): Observation {
  const scores = Float32Array.from(
    indices,
    (index) => ((index % 17) / 4) ** 3 * Math.exp(0.5 * random.normal()) * 0.98 ** step,
  );
  return { indices, scores };
}

/** Has both learn the same: in the first epoch, what both draw; then the host's draws, with a sample twice in each batch. */
async function teachBoth(host: CalibratedSampler, device: DeviceCalibratedSampler, steps: number, batchSize: number) {
  const random = new RandomGenerator(4);
  for (let step = 0; step < steps; step++) {
    const wasFirstEpoch = host.getState().isFirstEpoch;
    const drawn = host.draw(batchSize).indices;
    const onDevice = device.draw(batchSize);
    if (wasFirstEpoch) expect(Array.from(await onDevice.indices.data())).toEqual(Array.from(drawn));
    const taught = wasFirstEpoch ? drawn : drawn.map((index, k) => (k % 8 === 7 ? drawn[k - 1] : index));
    const { indices, scores } = observationOf(taught, step, random);
    host.observe(indices, scores);
    tf.tidy(() => {
      device.observe(wasFirstEpoch ? onDevice.indices : tf.tensor1d(indices, 'int32'), tf.tensor1d(scores));
    });
    tf.dispose(onDevice as object as tf.TensorContainer);
  }
}

/** Largest relative difference between the probabilities of the two. */
async function difference(host: CalibratedSampler, device: DeviceCalibratedSampler): Promise<number> {
  return worstError(await valuesOf(device.probabilities()), host.probabilities());
}

/** A level is a rounded sum of squares, its cell's value the root of a rounded mean, and p a sum over all: 100 operations. */
const ROUNDING = 100 * 2 ** -24;

describe('a calibrated sampler on the device', () => {
  const size = 230; // not divisible by the batch size, and not by a width near its root: 230 = 10 · 23
  const batchSize = 24;

  it.each<CalibratedSamplerOptions>([
    {},
    { uniformMix: 0.05, momentum: 0.3, drawing: 'with-replacement' },
    { momentum: 0 },
  ])('has the probabilities of the one on the host after the same observations, %j', async (options) => {
    const host = new CalibratedSampler(size, { ...options, seed: 2 });
    const device = new DeviceCalibratedSampler(size, { ...options, seed: 2 });
    for (let round = 0; round < 6; round++) {
      await teachBoth(host, device, repetitions(25, 4), batchSize);
      expect(await difference(host, device)).toBeLessThan(ROUNDING);
    }
    device.dispose();
  });

  it('would be seen to differ after one other score', async () => {
    const host = new CalibratedSampler(size, { seed: 2 });
    const device = new DeviceCalibratedSampler(size, { seed: 2 });
    await teachBoth(host, device, 25, batchSize);
    host.observe([3], [1]);
    tf.tidy(() => device.observe(tf.tensor1d([3], 'int32'), tf.tensor1d([2.5])));
    expect(await difference(host, device)).toBeGreaterThan(10 * ROUNDING);
    device.dispose();
  });

  it('has them where all scores are equal, all zero, or far from 1', async () => {
    for (const scoreOf of [() => 0.7, () => 0, (index: number) => (index % 2 === 0 ? 0 : 3e-12), () => 4e20]) {
      const host = new CalibratedSampler(60);
      const device = new DeviceCalibratedSampler(60);
      for (let step = 0; step < 18; step++) {
        const indices = host.draw(10).indices;
        const scores = Float32Array.from(indices, scoreOf);
        const drawn = device.draw(10).indices;
        host.observe(indices, scores);
        device.observe(step < 6 ? drawn : tf.tensor1d(indices, 'int32'), tf.tensor1d(scores));
      }
      expect(await difference(host, device)).toBeLessThan(ROUNDING);
      device.dispose();
    }
  });

  it('learns scores of samples that it never drew, the first of some twice in a batch', async () => {
    const host = new CalibratedSampler(size);
    const device = new DeviceCalibratedSampler(size);
    const random = new RandomGenerator(8);
    for (let step = 0; step < repetitions(40, 10); step++) {
      const some = Int32Array.from({ length: 12 }, () => random.integer(size / 2));
      const { indices, scores } = observationOf(Int32Array.from([...some, ...some.subarray(0, 6)]), step, random);
      host.observe(indices, scores);
      tf.tidy(() => device.observe(tf.tensor1d(indices, 'int32'), tf.tensor1d(scores)));
      expect(await difference(host, device)).toBeLessThan(ROUNDING);
    }
    device.dispose();
  });

  it('draws with these probabilities, with weights that leave every mean as it is', async () => {
    const few = 60;
    const device = new DeviceCalibratedSampler(few, { drawing: 'with-replacement', seed: 1 });
    const random = new RandomGenerator(1);
    for (let step = 0; step < 40; step++) {
      const { indices } = device.draw(20);
      const { scores } = observationOf((await indices.data<'int32'>()).slice(), step, random);
      device.observe(indices, tf.tensor1d(scores));
    }
    const probabilities = await valuesOf(device.probabilities());
    const counts = new Array<number>(few).fill(0);
    const batches = repetitions(20, 4);
    const draws = 4000 * batches;
    const value = (index: number) => 1 + index / few;
    let mean = 0;
    for (let k = 0; k < batches; k++) {
      const { indices, weights } = device.draw(4000);
      const factors = await valuesOf(weights as tf.Tensor);
      (await valuesOf(indices)).forEach((index, i) => {
        counts[index]++;
        mean += (factors[i] * value(index)) / draws;
      });
    }
    expectFrequencies(counts, probabilities);

    const exact = Array.from({ length: few }, (_, i) => value(i) / few).reduce((sum, part) => sum + part, 0);
    const secondMoment = Array.from(probabilities, (p, i) => (value(i) / few) ** 2 / p).reduce(
      (sum, part) => sum + part,
      0,
    );
    const standardError = Math.sqrt((secondMoment - exact ** 2) / draws);
    expect(Math.abs(mean - exact)).toBeLessThan(6 * standardError);
    const bias = 0.05 * Math.sqrt(80_000 / draws);
    expect(bias * exact).toBeGreaterThan(6 * standardError); // it would be seen
    device.dispose();
  });

  it('goes on from the state of one on the host, and the other way round', async () => {
    for (const steps of [4, 30]) {
      const host = new CalibratedSampler(size, { seed: 6 });
      const device = new DeviceCalibratedSampler(size, { seed: 6 });
      await teachBoth(host, device, steps, batchSize);
      const there = DeviceCalibratedSampler.fromState(structuredClone(host.getState()));
      const again = DeviceCalibratedSampler.fromState(structuredClone(await device.getState()));
      const back = CalibratedSampler.fromState(structuredClone(await device.getState()));
      const next = await valuesOf(device.draw(batchSize).indices);
      expect(await valuesOf(again.draw(batchSize).indices)).toEqual(next);
      if (steps === 4) {
        expect(await valuesOf(there.draw(batchSize).indices)).toEqual(next);
        expect(Array.from(back.draw(batchSize).indices)).toEqual(next);
        expect(Array.from(host.draw(batchSize).indices)).toEqual(next);
      }
      expect(await difference(host, there)).toBeLessThan(ROUNDING);
      expect(await difference(back, device)).toBeLessThan(ROUNDING);
      await teachBoth(host, there, 20, batchSize);
      expect(await difference(host, there)).toBeLessThan(ROUNDING);
      for (const sampler of [device, there, again]) sampler.dispose();
    }
  });

  it('refuses options that the one on the host refuses, sizes that are none, and a damaged state', () => {
    const before = tf.memory().numTensors;
    expect(() => new DeviceCalibratedSampler(5, { momentum: 1 })).toThrow('momentum is 1');
    expect(() => new DeviceCalibratedSampler(0)).toThrow('size is 0');
    const state = { ...new CalibratedSampler(5).getState(), hand: -1 };
    expect(() => DeviceCalibratedSampler.fromState(state)).toThrow('state.hand');
    expect(tf.memory().numTensors).toBe(before);
    expect(() => new DeviceCalibratedSampler(5).draw(1.5)).toThrow('batchSize is 1.5');
  });

  it('keeps the number of tensors constant, and none when it is disposed', () => {
    const before = tf.memory().numTensors;
    const device = new DeviceCalibratedSampler(40);
    const inUse = tf.memory().numTensors;
    for (let step = 0; step < 20; step++) {
      tf.tidy(() => {
        const { indices } = device.draw(8);
        device.observe(indices, tf.ones([indices.size]));
        device.probabilities();
      });
      expect(tf.memory().numTensors).toBe(inUse);
    }
    device.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
