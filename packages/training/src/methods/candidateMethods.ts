import {
  AdaSelectionSampler,
  LossMatchingSampler,
  OnlineBatchSampler,
  ResamplingSampler,
  SelectiveBackpropSampler,
} from '@gradis/samplers';
import { MeasuredResamplingStrategy } from '../MeasuredResamplingStrategy.js';
import { OnlineBatchStrategy } from '../OnlineBatchStrategy.js';
import { choosing, method } from './Method.js';

/** Methods that make forward passes of their own before they choose. */
export const candidateMethods = {
  dlis: choosing(
    {
      summary: 'scores a larger uniform batch and resamples from it, while the expected gain pays for it',
      biased: false,
      reference: 'arXiv 1803.00942, Algorithm 1',
    },
    (options) => new ResamplingSampler(options.size, options),
  ),
  'dlis-auto': method(
    {
      summary: 'dlis that measures the cost of a backward pass and sets its threshold by it',
      biased: false,
      reference: 'arXiv 1803.00942, §3.3, with measured costs',
    },
    ({ threshold: _, ...options }) => new ResamplingSampler(options.size, options),
    (name, options, sampler) => new MeasuredResamplingStrategy(name, options, sampler),
  ),
  'dlis-loss': choosing(
    {
      summary: 'dlis with the loss as its score',
      biased: false,
      reference: 'arXiv 1803.00942, §4.1, baseline "loss"',
    },
    (options) => new ResamplingSampler(options.size, options),
    { learnsFrom: 'losses' },
  ),
  'constant-variance': choosing(
    {
      summary: 'dlis that trains on as few samples as have the variance of a uniform batch: cheaper steps',
      biased: false,
      reference: 'Katharopoulos & Fleuret, code of arXiv 1803.00942',
    },
    (options) => new ResamplingSampler(options.size, { ...options, keep: 'variance' }),
  ),
  'constant-time': choosing(
    {
      summary: 'dlis whose steps cost what a uniform step costs: fewer samples, better chosen',
      biased: false,
      reference: 'Katharopoulos & Fleuret, code of arXiv 1803.00942',
    },
    (options) => new ResamplingSampler(options.size, { ...options, keep: 'time' }),
  ),
  'online-batch': method(
    {
      summary: 'draws by the rank of the losses, all of which it computes anew every two epochs',
      biased: true,
      reference: 'arXiv 1511.06343, Algorithm 1',
    },
    ({ size, seed, epochs }) => new OnlineBatchSampler(size, { seed, epochs }),
    (name, options, sampler) => new OnlineBatchStrategy(name, options, sampler),
  ),
  'selective-backprop': choosing(
    {
      summary: 'keeps each candidate with a probability that grows with the rank of its loss among recent ones',
      biased: true,
      reference: 'arXiv 1910.00762',
    },
    ({ size, seed }) => new SelectiveBackpropSampler(size, { seed }),
  ),
  'one-from-ten': choosing(
    {
      summary: 'trains on the tenth of its candidates whose mean loss is closest to that of all',
      biased: true,
      reference: 'arXiv 2104.13114',
    },
    ({ size, seed }) => new LossMatchingSampler(size, { seed }),
  ),
  'ada-selection': choosing(
    {
      summary: 'trains on the candidates that a learned mixture of selection rules prefers',
      biased: true,
      reference: 'arXiv 2306.10728',
    },
    ({ size, seed }) => new AdaSelectionSampler(size, { seed }),
  ),
};
