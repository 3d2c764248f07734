import {
  AdaptiveSampler,
  CalibratedSampler,
  type Draw,
  MemorySampler,
  type MemorySamplerOptions,
  PrioritizedSampler,
  RandomGenerator,
  ResamplingSampler,
  RobustSampler,
  type Sampler,
  samplerFromState,
  UniformSampler,
} from '@gradis/samplers';
import { describe, expect, test } from 'vitest';

/** Makes the next draw, whose scores are those given. */
type Step = (sampler: Sampler, batchSize: number, score: number) => Draw;

const draw: Step = (sampler, batchSize) => sampler.draw(batchSize);

const resample: Step = (sampler, batchSize, score) => {
  const resampling = sampler as ResamplingSampler;
  const presample = resampling.presample(batchSize);
  return presample ? resampling.resample(new Float64Array(presample.length).fill(score)) : resampling.draw(batchSize);
};

const memory: MemorySamplerOptions[] = [
  {},
  { drawing: 'systematic' },
  { weightExponent: 0 },
  { uniformMix: 0 },
  { uniformMix: 0.3, epsilonMode: 'absolute', epsilonSchedule: 'step' },
];

const subjects: [name: string, create: (seed: number) => Sampler, step: Step][] = [
  ['UniformSampler', (seed) => new UniformSampler(1, { seed }), draw],
  ['AdaptiveSampler', (seed) => new AdaptiveSampler(1, { seed }), draw],
  ['CalibratedSampler', (seed) => new CalibratedSampler(1, { seed }), draw],
  ['CalibratedSampler, pure', (seed) => new CalibratedSampler(1, { seed, uniformMix: 0 }), draw],
  ['PrioritizedSampler', (seed) => new PrioritizedSampler(1, { seed }), draw],
  ['RobustSampler', (seed) => new RobustSampler(new CalibratedSampler(1, { seed })), draw],
  ...memory.map((options): (typeof subjects)[number] => [
    `MemorySampler ${JSON.stringify(options)}`,
    (seed) => new MemorySampler(1, { ...options, seed }),
    draw,
  ]),
  ['ResamplingSampler, uniform', (seed) => new ResamplingSampler(1, { seed }), draw],
  ['ResamplingSampler, resampling', (seed) => new ResamplingSampler(1, { seed, threshold: 0 }), resample],
];

describe('a data set of one sample', () => {
  test.each(subjects)('is drawn with probability and weight 1, whatever its score: %s', (_, create, step) => {
    const drawn = new Set<number>();
    const allWeights: number[] = [];
    const allProbabilities: number[] = [];
    for (let seed = 0; seed < 200; seed++) {
      const random = new RandomGenerator(seed);
      let sampler = create(seed);
      for (let k = 0; k < 20; k++) {
        const score = random.uniform() < 0.1 ? 0 : Math.exp(20 * random.normal());
        const { indices, probabilities, weights } = step(sampler, 1 + random.integer(4), score);
        for (const index of indices) drawn.add(index);
        allWeights.push(...weights);
        allProbabilities.push(...probabilities, ...sampler.probabilities());
        sampler.observe(indices, new Float64Array(indices.length).fill(score));
        if (k % 7 === 6) sampler = samplerFromState(sampler.getState());
      }
    }
    expect([...drawn]).toEqual([0]);
    expect(new Set(allWeights)).toEqual(new Set([1]));
    expect(Math.max(...allProbabilities)).toBe(1);
    expect(Math.min(...allProbabilities)).toBeCloseTo(1, 14);
  });
});
