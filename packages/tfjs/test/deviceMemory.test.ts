import { MemorySampler, type MemorySamplerOptions, RandomGenerator } from '@gradis/samplers';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createDeviceSampler, DeviceMemorySampler } from '../src/index.js';
import { poissonBound, valuesOf, worstError } from './deviceTools.js';

/** Scores that depend on the sample and the step, over four decades and zero for some. */
const scoreOf = (index: number, step: number) =>
  (index % 11 === 0 ? 0 : 10 ** ((index * 7 + step) % 4)) * (1 + (index % 3));

/** Draws from both samplers, teaches both the scores of the host's draws, and hands each pair of draws to `look`. */
async function drawFromBoth(
  host: MemorySampler,
  device: DeviceMemorySampler,
  steps: number,
  batchSize: number,
  look: (host: ReturnType<MemorySampler['draw']>, indices: ArrayLike<number>, weights?: ArrayLike<number>) => void,
) {
  for (let step = 0; step < steps; step++) {
    const onHost = host.draw(batchSize);
    const { indices, weights } = device.draw(batchSize);
    if (typeof weights === 'function') throw new Error('the memory sampler has no rule');
    const drawn = (await indices.data()).slice();
    look(onHost, drawn, weights && (await valuesOf(weights)));
    const scores = Float32Array.from(onHost.indices, (index) => scoreOf(index, step));
    host.observe(onHost.indices, scores);
    const isSame = drawn.every((index, k) => index === onHost.indices[k]);
    tf.tidy(() => {
      device.observe(isSame ? indices : tf.tensor1d(onHost.indices, 'int32'), tf.tensor1d(scores));
    });
    indices.dispose();
  }
}

/** Number of draws that differ between the two. */
async function mismatches(host: MemorySampler, device: DeviceMemorySampler, steps: number, batchSize: number) {
  let count = 0;
  await drawFromBoth(host, device, steps, batchSize, (onHost, drawn) => {
    count += onHost.indices.filter((index, k) => index !== drawn[k]).length;
  });
  return count;
}

describe('a memory sampler on the device', () => {
  const size = 300; // 15 blocks of 20
  const batchSize = 32;
  const steps = 30; // three epochs

  // Every border between two samples is a rounded sum of at most 15 block sums and 20 scores, and a dozen operations.
  const boundaryShift = (15 + 20 + 12) * 2 ** -24;
  const allowed = poissonBound(steps * batchSize * size * boundaryShift);

  it.each<MemorySamplerOptions>([
    {},
    { uniformMix: 0, epsilon: 0 },
    { drawing: 'systematic', momentum: 0 },
    { epsilonSchedule: 'step', epsilonMode: 'absolute', epsilon: 0.5, uniformMix: 0.3 },
    { weightExponent: 0.5, uniformMix: 0.5 },
  ])('draws what the one on the host draws with the same seed and scores, %j', async (options) => {
    const host = new MemorySampler(size, { ...options, seed: 5 });
    const device = new DeviceMemorySampler(size, { ...options, seed: 5 });
    let different = 0;
    await drawFromBoth(host, device, steps, batchSize, (onHost, drawn, weights) => {
      expect(drawn.length).toBe(onHost.indices.length);
      const areSame = Array.from(onHost.indices, (index, k) => drawn[k] === index);
      const told = areSame.map((isSame, k) => (isSame ? (weights?.[k] ?? 1) : onHost.weights[k]));
      expect(worstError(told, onHost.weights)).toBeLessThan(1e-5);
      different += areSame.filter((isSame) => !isSame).length;
    });
    expect(different).toBeLessThanOrEqual(allowed);

    expect(worstError(await valuesOf(device.probabilities()), host.probabilities())).toBeLessThan(1e-5);
    device.dispose();
  });

  it('would be seen to draw otherwise with another λ', async () => {
    const host = new MemorySampler(size, { seed: 5, uniformMix: 0.1 });
    const device = new DeviceMemorySampler(size, { seed: 5, uniformMix: 0.2 });
    expect(await mismatches(host, device, steps, batchSize)).toBeGreaterThan(10 * allowed);
    device.dispose();
  });

  it('learns from scores of samples that another drew, twice or more in a batch, and guesses those it never got', async () => {
    const host = new MemorySampler(20, { seed: 1 });
    const device = new DeviceMemorySampler(20, { seed: 1 });
    const random = new RandomGenerator(3);
    for (let step = 0; step < 12; step++) {
      const indices = Int32Array.from({ length: 7 }, () => random.integer(12));
      const scores = Float32Array.from(indices, () => 5 * random.uniform());
      host.observe(indices, scores);
      tf.tidy(() => device.observe(tf.tensor1d(indices, 'int32'), tf.tensor1d(scores)));
      host.draw(4);
      tf.dispose(device.draw(4) as object as tf.TensorContainer);
    }
    const expected = host.scores();
    expect(worstError(await valuesOf(device.scores()), expected)).toBeLessThan(1e-5);
    expect(new Set(expected).size).toBeGreaterThan(10);
    device.dispose();
  });

  it.each([
    ['not numbers', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1]],
    ['negative', [-5, 1, 1, 1]],
    ['huge', [3e38, 3e38, 1, 1]],
  ])('draws on with valid indices after scores that are %s', async (_, bad) => {
    const device = new DeviceMemorySampler(40, { uniformMix: 0, seed: 2 });
    for (let step = 0; step < 20; step++) {
      const { indices, weights } = device.draw(10);
      device.observe(indices, tf.tensor1d(Float32Array.from({ length: 10 }, (_, k) => bad[(k + step) % 4])));
      for (const index of await valuesOf(indices)) expect(index >= 0 && index < 40).toBe(true);
      tf.dispose((weights ?? []) as tf.TensorContainer);
    }
    const probabilities = await valuesOf(device.probabilities());
    expect(Math.abs(probabilities.reduce((sum, p) => sum + p, 0) - 1)).toBeLessThan(1e-5);
    for (const p of probabilities) expect(p).toBeGreaterThanOrEqual(0);
    device.dispose();
  });

  it('goes on from the state of one on the host, and the other way round', async () => {
    for (const epochs of [0.4, 2.4]) {
      const host = new MemorySampler(size, { seed: 9 });
      const device = new DeviceMemorySampler(size, { seed: 9 });
      const stepsSoFar = Math.ceil((epochs * size) / batchSize);
      await drawFromBoth(host, device, stepsSoFar, batchSize, () => {});
      const back = MemorySampler.fromState(structuredClone(await device.getState()));
      const there = DeviceMemorySampler.fromState(structuredClone(host.getState()));
      const again = DeviceMemorySampler.fromState(structuredClone(await device.getState()));
      expect(await mismatches(back, there, steps, batchSize)).toBeLessThanOrEqual(allowed);
      const more = host.draw(batchSize).indices;
      const next = await valuesOf(again.draw(batchSize).indices);
      expect(more.filter((index, k) => index !== next[k]).length).toBeLessThanOrEqual(allowed);
      for (const sampler of [device, there, again]) sampler.dispose();
    }
  });

  it('goes on from a state in which nothing was drawn yet', async () => {
    const device = DeviceMemorySampler.fromState(new MemorySampler(size, { seed: 9 }).getState());
    expect(await mismatches(new MemorySampler(size, { seed: 9 }), device, 12, batchSize)).toBe(0);
    device.dispose();
  });

  it('refuses options that the one on the host refuses, sizes that are none, and a damaged state', () => {
    const before = tf.memory().numTensors;
    expect(() => new DeviceMemorySampler(5, { momentum: 1 })).toThrow('momentum is 1');
    expect(() => new DeviceMemorySampler(0)).toThrow('size is 0');
    expect(() => new DeviceMemorySampler(5, { seed: 0.5 })).toThrow('seed is 0.5');
    const state = { ...new MemorySampler(5).getState(), observations: -1 };
    expect(() => DeviceMemorySampler.fromState(state)).toThrow('state.observations');
    expect(tf.memory().numTensors).toBe(before);
    const sampler = createDeviceSampler('memory-as', { size: 5 });
    expect(() => sampler.draw(0)).toThrow('batchSize is 0');
    expect(() => sampler.observe(tf.tensor1d([1, 2], 'int32'), tf.ones([3]))).toThrow(
      'indices have the shape [2] and scores [3]',
    );
    sampler.dispose();
    expect(() => createDeviceSampler('dlis' as 'low', { size: 5 })).toThrow(
      /no method "dlis" on the device.*memory-is/,
    );
  });

  it('keeps the number of tensors constant, and none when it is disposed', () => {
    const before = tf.memory().numTensors;
    const device = new DeviceMemorySampler(40);
    const step = () =>
      tf.tidy(() => {
        const { indices } = device.draw(8);
        device.observe(indices, tf.ones([8]));
        device.probabilities();
      });
    for (let k = 0; k < 6; k++) step(); // beyond the first epoch, after which one tensor less is needed
    const inUse = tf.memory().numTensors;
    for (let k = 0; k < 12; k++) step();
    expect(tf.memory().numTensors).toBe(inUse);
    device.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
