import {
  CalibratedSampler,
  MemorySampler,
  type MemorySamplerState,
  RandomGenerator,
  ResamplingSampler,
  type ResamplingSamplerState,
  samplerFromState,
  UniformSampler,
} from '@gradis/samplers';
import { describe, expect, test } from 'vitest';

/** A sampler of four samples, amid its second epoch. */
function memoryState(): MemorySamplerState {
  const sampler = new MemorySampler(4);
  sampler.observe(sampler.draw(4).indices, [1, 2, 3, 4]);
  sampler.draw(2);
  return sampler.getState();
}

/** A sampler of forty samples, whose presample of ten waits for its scores. */
function resamplingState(): ResamplingSamplerState & { pending: object } {
  const sampler = new ResamplingSampler(40, { threshold: 0 });
  sampler.observe(sampler.draw(2).indices, [1, 2]);
  expect(sampler.presample(2)).toHaveLength(10);
  const state = sampler.getState();
  return { ...state, pending: state.pending! };
}

const noCounts = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, '3', undefined];
const noBooleans = [Number.NaN, 1, 'true', undefined];
const integer = 'must be an integer in';

/** Fields of a state, the values that they refuse, and what the error says of them. */
type Damage = [field: string, values: readonly unknown[], remedy: string];

const memoryDamage: Damage[] = [
  ['epoch', noCounts, integer],
  ['drawnInEpoch', [...noCounts, 4], integer],
  ['epsilonDue', noBooleans, 'must be true or false'],
];

const resamplingDamage: Damage[] = [
  ['tau', [Number.NaN, Number.POSITIVE_INFINITY, -1, '1', undefined], 'must be finite and ≥ 0'],
  ['uniformSteps', noCounts, integer],
  ['resampledSteps', noCounts, integer],
  ['presampledSamples', noCounts, integer],
  ['awaitsScores', noBooleans, 'must be true or false'],
];

describe('MemorySampler.fromState', () => {
  const state = memoryState();
  const restore = (damage: object) => () => MemorySampler.fromState({ ...state, ...damage });

  test.each(memoryDamage)('refuses by name a damaged %s', (field, values, remedy) => {
    for (const value of values) {
      expect(restore({ [field]: value })).toThrow(new RegExp(`^state.${field} is ${value}; it ${remedy}`));
    }
  });

  test('refuses options that it does not know, out of their range, or missing', () => {
    const { momentum: _, ...withoutMomentum } = state.options;
    const known = 'weightExponent, momentum, epsilon, epsilonMode, epsilonSchedule, uniformMix, drawing';
    expect(restore({ options: { ...state.options, weightExponent: 2 } })).toThrow('weightExponent is 2');
    expect(restore({ options: { ...state.options, momentum: Number.NaN } })).toThrow('momentum is NaN');
    expect(restore({ options: { ...state.options, speed: 3 } })).toThrow(
      `state.options.speed is 3; a state has the options ${known} and no others.`,
    );
    expect(restore({ options: withoutMomentum })).toThrow('state.options.momentum is undefined');
    expect(restore({ options: undefined })).toThrow('state.options.weightExponent is undefined');
  });

  test('refuses damaged arrays', () => {
    const { stream, tree } = state;
    expect(restore({ observed: Uint8Array.of(1, 1, 7, 1) })).toThrow('state.observed[2] is 7');
    expect(restore({ observed: new Uint8Array(3) })).toThrow('state.observed has 3 elements; it must have 4.');
    expect(restore({ tree: { ...tree, values: Float64Array.of(1, -1, 0, 0) } })).toThrow('values[1] is -1');
    expect(restore({ stream: { ...stream, order: Int32Array.of(0, 1, 2) } })).toThrow('state.stream.order has 3');
  });
});

describe('CalibratedSampler.fromState', () => {
  const sampler = new CalibratedSampler(4);
  for (let step = 0; step < 10; step++) sampler.observe(sampler.draw(4).indices, [1, 2, 3, 4]);
  const state = sampler.getState();
  const restore = (damage: object) => () => CalibratedSampler.fromState({ ...state, ...damage });

  test.each([
    ['observedSamples', noCounts, integer],
    ['observations', noCounts, integer],
    ['hand', [...noCounts, 4], integer],
  ] as Damage[])('refuses by name a damaged %s', (field, values, remedy) => {
    for (const value of values) {
      expect(restore({ [field]: value })).toThrow(new RegExp(`^state.${field} is ${value}; it ${remedy}`));
    }
  });

  test('refuses damaged options and arrays', () => {
    const { buckets, table, values } = state;
    expect(restore({ options: { ...state.options, momentum: 2 } })).toThrow('momentum is 2');
    expect(restore({ options: { ...state.options, speed: 3 } })).toThrow('state.options.speed is 3');
    expect(restore({ values: values.slice(1) })).toThrow('state.values has');
    expect(restore({ values: values.map(() => Number.NaN) })).toThrow('state.values[0] is NaN');
    expect(restore({ buckets: { ...buckets, members: Int32Array.of(0, 1, 1, 2) } })).toThrow(
      'state.members names sample 1 twice',
    );
    expect(restore({ buckets: { ...buckets, members: Int32Array.of(0, 1, 4, 2) } })).toThrow('state.members[2] is 4');
    expect(restore({ buckets: { ...buckets, counts: buckets.counts.map(() => 0) } })).toThrow(
      'state.counts sum to 0; they must sum to 4',
    );
    expect(restore({ buckets: { ...buckets, stamps: Int32Array.of(-1, 0, 0, 0) } })).toThrow('state.stamps[0] is -1');
    expect(restore({ buckets: { ...buckets, levels: Float32Array.of(0, -1, 0, 0) } })).toThrow('state.levels[1] is -1');
    expect(restore({ table: { ...table, sums: table.sums.map(() => -1) } })).toThrow('state.sums[0] is -1');
    expect(restore({ table: { ...table, weight: 0 } })).toThrow('state.weight is 0');
    expect(restore({ table: { ...table, columns: 7 } })).toThrow('state.table.columns is 7');
  });
});

describe('ResamplingSampler.fromState', () => {
  const state = resamplingState();
  const restore = (damage: object) => () => ResamplingSampler.fromState({ ...state, ...damage });

  test.each(resamplingDamage)('refuses by name a damaged %s', (field, values, remedy) => {
    for (const value of values) {
      expect(restore({ [field]: value })).toThrow(new RegExp(`^state.${field} is ${value}; it ${remedy}`));
    }
  });

  test('refuses options that it does not know, out of their range, or missing', () => {
    const { smoothing: _, ...withoutSmoothing } = state.options;
    expect(restore({ options: { ...state.options, presampleFactor: 0 } })).toThrow('presampleFactor is 0');
    expect(restore({ options: { ...state.options, exact: 1 } })).toThrow('exact is 1; it must be true or false.');
    expect(restore({ options: { ...state.options, speed: 3 } })).toThrow('state.options.speed is 3');
    expect(restore({ options: withoutSmoothing })).toThrow('state.options.smoothing is undefined');
  });

  test('refuses a presample that it cannot have given out', () => {
    const { pending } = state;
    const { indices } = resamplingState().pending as { indices: Int32Array };
    for (const batchSize of [0, 1.5, Number.NaN]) {
      expect(restore({ pending: { ...pending, batchSize } })).toThrow(
        `state.pending.batchSize is ${batchSize}; it must`,
      );
    }
    expect(restore({ pending: { ...pending, batchSize: 3 } })).toThrow(
      'state.pending.indices has 10 elements; it must have 15.',
    );
    for (const index of [-1, 40]) {
      expect(restore({ pending: { ...pending, indices: indices.with(4, index) } })).toThrow(
        `state.pending.indices[4] is ${index}`,
      );
    }
  });

  test('keeps its presample from whoever holds the state', () => {
    const shared = resamplingState();
    const restored = ResamplingSampler.fromState(shared);
    (shared.pending as { indices: Int32Array }).indices.fill(-1);
    expect(restored.resample(new Float64Array(10)).indices).not.toContain(-1);
  });
});

test('a damaged shuffle or generator is refused in every sampler', () => {
  for (const sampler of [new UniformSampler(4), new MemorySampler(4), new ResamplingSampler(4)]) {
    const state = sampler.getState();
    const shuffle = (damage: object) => () =>
      samplerFromState({ ...state, stream: { ...state.stream, ...damage } } as typeof state);
    expect(shuffle({ order: Int32Array.of(0, 1, 2, 4) })).toThrow('state.stream.order[3] is 4');
    expect(shuffle({ order: Int32Array.of(0, 1, 2, 2) })).toThrow('state.stream.order names sample 2 twice');
    for (const position of [-1, 5, 0.5, Number.NaN]) {
      expect(shuffle({ position })).toThrow(`state.stream.position is ${position}; it must`);
    }
  }
  const random = { ...new RandomGenerator(1).getState(), words: [1, 2, Number.NaN, 4] as unknown as Uint32Array };
  expect(() => RandomGenerator.fromState(random)).toThrow('state.words[2] is NaN');
});
