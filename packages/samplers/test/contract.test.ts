import {
  CalibratedSampler,
  type CalibratedSamplerOptions,
  MemorySampler,
  type MemorySamplerOptions,
  ResamplingSampler,
  UniformSampler,
} from '@gradis/samplers';
import { SCORES, teach, testSamplerContract } from './contract.js';

const TOTAL = SCORES.reduce((sum, score) => sum + score, 0);

testSamplerContract({
  name: 'UniformSampler',
  create: (seed) => new UniformSampler(12, { seed }),
  draw: (sampler, batchSize) => sampler.draw(batchSize),
  probabilities: () => new Float64Array(12).fill(1 / 12),
  unbiased: true,
  drawsUnscored: true,
});

const memory: [string, MemorySamplerOptions][] = [
  ['importance', { uniformMix: 0 }],
  ['importance, mixed', { uniformMix: 0.2 }],
  ['importance, uniform draws only', { uniformMix: 1 }],
  ['importance, systematic', { uniformMix: 0, drawing: 'systematic' }],
  ['importance, systematic and mixed', { uniformMix: 0.2, drawing: 'systematic' }],
  ['adaptive', { uniformMix: 0.1, weightExponent: 0 }],
];
for (const [name, options] of memory) {
  const { uniformMix = 0, weightExponent } = options;
  testSamplerContract({
    name: `MemorySampler (${name})`,
    create: (seed) => teach(new MemorySampler(12, { ...options, seed, epsilon: 0 })),
    draw: (sampler, batchSize) => sampler.draw(batchSize),
    probabilities: () => SCORES.map((score) => ((1 - uniformMix) * score) / TOTAL + uniformMix / 12),
    unbiased: weightExponent !== 0,
    drawsUnscored: uniformMix > 0,
  });
}

testSamplerContract({
  name: 'ResamplingSampler (uniform phase)',
  create: (seed) => new ResamplingSampler(12, { seed, threshold: 1e9 }),
  draw: (sampler, batchSize) => sampler.draw(batchSize),
  probabilities: () => new Float64Array(12).fill(1 / 12),
  unbiased: true,
  drawsUnscored: true,
});

// With the whole data set as the presample, the probabilities are those of the scores.
testSamplerContract({
  name: 'ResamplingSampler (resampling)',
  create: (seed) => teach(new ResamplingSampler(12, { seed, presampleSize: 12, threshold: 0 })),
  draw: (sampler, batchSize) => {
    const resampling = sampler as ResamplingSampler;
    return resampling.resample(resampling.presample(batchSize)!.map((index) => 4 * SCORES[index]!));
  },
  probabilities: () => SCORES.map((score) => score / TOTAL),
  unbiased: true,
  drawsUnscored: false,
});

for (const [name, options] of [
  ['importance', {}],
  ['importance, independent draws', { drawing: 'with-replacement' }],
  ['adaptive', { weightExponent: 0 }],
  ['importance, no uniform draws', { uniformMix: 0 }],
] as [string, CalibratedSamplerOptions][]) {
  testSamplerContract({
    name: `CalibratedSampler (${name})`,
    create: (seed) => {
      const sampler = teach(new CalibratedSampler(12, { ...options, seed }));
      for (let round = 0; round < 50; round++) teach(sampler);
      return sampler;
    },
    draw: (sampler, batchSize) => sampler.draw(batchSize),
    probabilities: (sampler) => sampler.probabilities(),
    unbiased: options.weightExponent !== 0,
    drawsUnscored: options.uniformMix !== 0,
  });
}
