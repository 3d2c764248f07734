import { type CandidateSampler, type Draw, type SamplerState, samplerFromState } from '@gradis/samplers';
import { describe, expect, test } from 'vitest';

/** A kind of sampler that learns from the losses of its candidates alone, and gives out samples of one shuffled stream. */
export interface CandidateSubject {
  name: string;
  create(size: number, seed: number): CandidateSampler;
  /** Number of candidates for a batch of 4 from 100 samples. */
  candidates: number;
}

const lossOf = (index: number) => (index % 3 === 0 ? 0 : index);
const lossesOf = (indices: Int32Array) => Float64Array.from(indices, lossOf);

/** Presamples until a batch is full. */
export function nextBatch(
  sampler: CandidateSampler,
  batchSize: number,
  losses: (indices: Int32Array) => ArrayLike<number> = lossesOf,
): Draw {
  for (let round = 0; round < 10_000; round++) {
    const candidates = sampler.presample(batchSize);
    const batch = candidates ? sampler.resample(losses(candidates)) : sampler.draw(batchSize);
    if (batch) return batch;
  }
  throw new Error('No batch is full after 10,000 presamples.');
}

/** What every such sampler must keep, beside the contract of all samplers. */
export function testCandidateContract({ name, create, candidates }: CandidateSubject): void {
  describe(`${name}: candidates`, () => {
    test('are read from one shuffled stream, each sample once an epoch', () => {
      const sampler = create(3 * candidates, 1);
      const epoch = [1, 2, 3].flatMap(() => Array.from(sampler.presample(4)!));
      expect(new Set(epoch).size).toBe(3 * candidates);
      expect(sampler.presample(4)).toHaveLength(candidates);
    });

    test('refuses bad losses by name, and takes good ones afterwards', () => {
      const sampler = create(100, 2);
      expect(() => sampler.resample([1])).toThrow('No presample waits for losses; call presample first.');
      const given = sampler.presample(4)!;
      const before = sampler.getState();
      const losses = lossesOf(given);
      for (const loss of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
        expect(() => sampler.resample(losses.with(3, loss))).toThrow(
          `losses[3] (sample ${given[3]}) is ${loss}; losses must be finite and ≥ 0.`,
        );
      }
      expect(() => sampler.resample([1, 2])).toThrow(`losses has 2 elements; it must have ${candidates}.`);
      expect(() => sampler.presample(0)).toThrow('batchSize is 0');
      expect(sampler.getState()).toEqual(before);
      const drawable = new Set(given);
      given.fill(-1); // the caller's copy
      const { indices } = sampler.resample(losses) ?? { indices: [] };
      for (const index of indices) expect(drawable).toContain(index);
      expect(() => sampler.resample(losses)).toThrow('No presample waits for losses');
    });

    test('are replaced by a second presample', () => {
      const sampler = create(100, 3);
      sampler.presample(4);
      const second = sampler.presample(4)!;
      expect((sampler.getState() as { pending?: object }).pending).toEqual({ indices: second, batchSize: 4 });
    });

    test('wait for their losses in the saved state, which shares nothing with the sampler', () => {
      const sampler = create(100, 4);
      for (let k = 0; k < 5; k++) nextBatch(sampler, 4);
      const given = sampler.presample(4)!;
      const state = sampler.getState() as SamplerState & { pending: { indices: Int32Array } };
      const restored = samplerFromState(state) as CandidateSampler;
      expect(restored.getState()).toEqual(state);
      const copy = structuredClone(state);
      state.pending.indices.fill(-1);
      expect(restored.getState()).toEqual(copy);
      const twin = samplerFromState(copy) as CandidateSampler;
      const steps = (target: CandidateSampler) => [
        target.resample(lossesOf(given)),
        ...Array.from({ length: 10 }, () => nextBatch(target, 4)),
        target.getState(),
      ];
      expect(steps(restored)).toEqual(steps(twin));
    });

    test.each([1, 2, 3, 10])('fill batches from %d samples, whatever their losses', (size) => {
      const losses = [() => 0, () => 7, (index: number) => index, (index: number) => 1e37 * index, () => 1e-300];
      for (const loss of losses) {
        const sampler = create(size, 5);
        for (const batchSize of [1, 4, 16, 2]) {
          const { indices, probabilities, weights } = nextBatch(sampler, batchSize, (given) =>
            Float64Array.from(given, loss),
          );
          expect(indices.length).toBeGreaterThan(0);
          expect(indices.every((index) => index >= 0 && index < size)).toBe(true);
          expect(probabilities.every((probability) => probability > 0 && probability <= 1)).toBe(true);
          expect(weights).toEqual(new Float32Array(indices.length).fill(1));
        }
      }
    });

    test('are all that it learns from: observations leave it as it was', () => {
      const sampler = create(100, 6);
      const { indices } = nextBatch(sampler, 4);
      const before = sampler.getState();
      sampler.observe(indices, [1, 2, 3, 4]);
      expect(sampler.getState()).toEqual(before);
    });

    test('are counted', () => {
      const sampler = create(100, 7) as CandidateSampler & { presampledSamples: number };
      sampler.draw(4);
      expect(sampler.presampledSamples).toBe(0);
      sampler.presample(4);
      sampler.presample(4);
      expect(sampler.presampledSamples).toBe(2 * candidates);
    });

    describe('of a damaged state', () => {
      const sampler = create(100, 8);
      sampler.presample(4);
      const state = sampler.getState() as SamplerState & { pending: { indices: Int32Array }; options: object };
      const restore = (damage: object) => () => samplerFromState({ ...state, ...damage });

      test('are refused by name if it cannot have given them out', () => {
        const { pending } = state;
        for (const batchSize of [0, 1.5, Number.NaN]) {
          expect(restore({ pending: { ...pending, batchSize } })).toThrow(
            `state.pending.batchSize is ${batchSize}; it must`,
          );
        }
        expect(restore({ pending: { ...pending, batchSize: 3 } })).toThrow(
          `state.pending.indices has ${candidates} elements; it must have ${(candidates / 4) * 3}.`,
        );
        for (const index of [-1, 100, 0.5]) {
          expect(restore({ pending: { ...pending, indices: Array.from(pending.indices).with(2, index) } })).toThrow(
            `state.pending.indices[2] is ${index}`,
          );
        }
      });

      test('are refused with a damaged count, stream, generator or options', () => {
        for (const count of [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, '3', undefined]) {
          expect(restore({ presampledSamples: count })).toThrow(`state.presampledSamples is ${count}; it must`);
        }
        const { stream, random } = state as unknown as { stream: object; random: object };
        expect(restore({ stream: { ...stream, position: -1 } })).toThrow('state.stream.position is -1; it must');
        expect(restore({ random: { ...random, words: [0, 0, 0, 0] } })).toThrow('state.words is all zero');
        expect(restore({ options: { ...state.options, speed: 3 } })).toThrow('state.options.speed is 3');
        for (const name of Object.keys(state.options)) {
          const { [name]: _, ...others } = state.options as Record<string, unknown>;
          expect(restore({ options: others })).toThrow(`state.options.${name} is undefined`);
        }
        expect(restore({ version: 2 })).toThrow('state.version is 2');
      });
    });
  });
}
