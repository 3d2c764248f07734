import { AdaptiveSampler, CalibratedSampler, MemorySampler, PrioritizedSampler, RobustSampler } from '@gradis/samplers';
import { sampling } from './Method.js';

/** Methods that remember the score of every sample and draw by it. */
export const memoryMethods = {
  auto: sampling(
    {
      summary: 'measures which of calibrated, memory and uniform sampling has the least variance, and follows it',
      biased: false,
      reference: 'gradis; no options',
    },
    ({ size, seed }) => new AdaptiveSampler(size, { seed }),
  ),
  calibrated: sampling(
    {
      summary: 'draws by the scores expected now, learned from past scores and their ages; weights 1/(N·p)',
      biased: false,
      reference: 'gradis; memory-is without stale scores',
    },
    (options) => new CalibratedSampler(options.size, options),
  ),
  'calibrated-robust': sampling(
    {
      summary: 'calibrated that clips the highest scores, and takes no notice of those of samples that stay high',
      biased: false,
      reference: 'gradis; for data with bad labels',
    },
    (options) => new RobustSampler(new CalibratedSampler(options.size, options), options),
  ),
  'memory-is': sampling(
    {
      summary: 'draws by remembered scores and weights by 1/(N·p): importance sampling',
      biased: false,
      reference: 'arXiv 2311.14468, Algorithm 1',
    },
    (options) => new MemorySampler(options.size, { ...options, weightExponent: 1 }),
  ),
  'memory-as': sampling(
    {
      summary: 'draws by remembered scores and leaves the weights at 1: adaptive sampling',
      biased: true,
      reference: 'arXiv 2311.14468, Algorithm 1',
    },
    (options) => new MemorySampler(options.size, { ...options, weightExponent: 0 }),
  ),
  'memory-dlis': sampling(
    {
      summary: 'memory-is with the gradient norm of the last layer as its score ("DLIS weights")',
      biased: false,
      reference: 'arXiv 2311.14468, Figure 5',
      score: 'last-layer',
    },
    (options) => new MemorySampler(options.size, { ...options, weightExponent: 1 }),
  ),
  'memory-loss': sampling(
    {
      summary: 'memory-is with the loss as its score: loss-based sampling, with unbiased weights',
      biased: false,
      reference: 'arXiv 1511.06343 and 1803.00942, §4.1',
    },
    (options) => new MemorySampler(options.size, { ...options, weightExponent: 1 }),
    { learnsFrom: 'losses' },
  ),
  prioritized: sampling(
    {
      summary: 'draws by powers of remembered scores; weights correct for it more and more',
      biased: true,
      reference: 'arXiv 1511.05952, proportional variant',
    },
    ({ size, seed, epochs }) => new PrioritizedSampler(size, { variant: 'proportional', seed, epochs }),
  ),
  'prioritized-rank': sampling(
    {
      summary: 'draws by the rank of remembered scores; weights correct for it more and more',
      biased: true,
      reference: 'arXiv 1511.05952, rank-based variant',
    },
    ({ size, seed, epochs }) => new PrioritizedSampler(size, { variant: 'rank', seed, epochs }),
  ),
};
