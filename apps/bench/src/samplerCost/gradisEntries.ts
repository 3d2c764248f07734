import { CalibratedSampler, MemorySampler, type Sampler, UniformSampler } from '@gradis/samplers';
import { type Contestant, type Entry, localContestant } from './Contestant.js';
import { scoreOf } from './scoreOf.js';

/** The samplers of `@gradis/samplers`, past their first, shuffled epoch. */
export const gradisEntries: readonly Entry[] = [
  {
    name: 'CalibratedSampler',
    origin: 'gradis',
    bytesWhileMade: 32,
    create: (size) => contestantOf(train(teach(new CalibratedSampler(size, { seed: 1 })))),
  },
  {
    name: 'MemorySampler',
    origin: 'gradis',
    bytesWhileMade: 64,
    create: (size) => {
      const sampler = new MemorySampler(size, { seed: 1 });
      sampler.draw(size); // the whole first epoch
      return contestantOf(train(teach(sampler)));
    },
  },
  {
    name: 'UniformSampler',
    origin: 'gradis',
    bytesWhileMade: 16,
    // The shuffle of an epoch falls on its first draw.
    create: (size) => contestantOf(train(new UniformSampler(size, { seed: 1 }))),
  },
];

function contestantOf(sampler: Sampler): Contestant {
  const local = localContestant(
    (batchSize) => sampler.draw(batchSize).indices,
    (indices, scores) => sampler.observe(indices, scores),
    scoreOf,
  );
  return { ...local, probabilities: () => sampler.probabilities() };
}

/** Shows a sampler the scores of all samples in their order: at once what a first epoch takes long for. */
function teach<S extends Sampler>(sampler: S): S {
  const length = Math.min(sampler.size, 10_000);
  for (let start = 0; start < sampler.size; start += length) {
    const indices = Int32Array.from({ length: Math.min(length, sampler.size - start) }, (_, k) => start + k);
    sampler.observe(indices, Float64Array.from(indices, scoreOf));
  }
  return sampler;
}

/** Some thousand ordinary steps. */
function train<S extends Sampler>(sampler: S): S {
  for (let step = 0; step < 2000; step++) {
    const { indices } = sampler.draw(64);
    sampler.observe(indices, Float64Array.from(indices, scoreOf));
  }
  return sampler;
}
