import { InfoBatchSampler, PruningSampler, UniformSampler } from '@gradis/samplers';
import { LowStrategy } from '../LowStrategy.js';
import { method, sampling } from './Method.js';

/** Methods that draw every sample as often as any other, or not at all. */
export const uniformMethods = {
  uniform: sampling(
    {
      summary: 'shuffled mini-batches, every sample once an epoch: plain SGD, the baseline',
      biased: false,
      reference: 'Robbins & Monro 1951',
    },
    ({ size, seed }) => new UniformSampler(size, { seed }),
    { learnsFrom: 'nothing' },
  ),
  low: method(
    {
      summary: 'draws uniformly and weights each batch by its own scores',
      biased: true,
      reference: 'Santiago et al., Pattern Recognition 110:107585, 2021',
    },
    ({ size, seed }) => new UniformSampler(size, { seed }),
    (name, options, sampler) => new LowStrategy(name, options, sampler),
  ),
  infobatch: sampling(
    {
      summary: 'leaves out half of the samples with losses below the mean each epoch; exact weights for the rest',
      biased: false,
      reference: 'arXiv 2303.04947',
    },
    ({ size, seed, epochs }) => new InfoBatchSampler(size, { seed, epochs }),
  ),
  pruning: sampling(
    {
      summary: 'stops visiting samples whose scores stay low, and takes them back on schedule',
      biased: true,
      reference: 'the later version of arXiv 2311.14468',
    },
    ({ size, seed }) => new PruningSampler(size, { seed }),
  ),
};
