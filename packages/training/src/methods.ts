import {
  MemorySampler,
  ResamplingSampler,
  type ResamplingSamplerState,
  type Sampler,
  type SamplerState,
  samplerFromState,
  UniformSampler,
} from '@gradis/samplers';
import { LowStrategy } from './LowStrategy.js';
import type { MethodOptions } from './MethodOptions.js';
import { ResamplingStrategy } from './ResamplingStrategy.js';
import { SamplerStrategy } from './SamplerStrategy.js';
import type { Strategy, StrategyState } from './Strategy.js';

/** A published method: what it does, where it comes from, and how to make its strategy. */
export interface Method {
  readonly name: MethodName;
  /** One line on what it does. */
  readonly summary: string;
  /** Whether its gradient is a biased estimate of the gradient of the mean loss. */
  readonly biased: boolean;
  /** Where it was published. */
  readonly reference: string;
  /** A strategy with these options, in its initial state or in a saved state of its sampler. */
  create(options: MethodOptions, state?: SamplerState): Strategy;
}

/** Names of the methods. */
export type MethodName = 'uniform' | 'memory-is' | 'memory-as' | 'dlis' | 'low';

const memory = (name: MethodName, mode: 'importance' | 'adaptive'): Method['create'] => {
  return (options, state) =>
    new SamplerStrategy(
      name,
      options,
      state ? samplerFromState(state) : new MemorySampler(options.size, { ...options, mode }),
    );
};

const uniformSampler = ({ size, seed }: MethodOptions, state?: SamplerState): Sampler =>
  state ? samplerFromState(state) : new UniformSampler(size, { seed });

/** Every method by its name. */
export const methods: Readonly<Record<MethodName, Method>> = {
  uniform: {
    name: 'uniform',
    summary: 'shuffled mini-batches, every sample once an epoch: plain SGD, the baseline',
    biased: false,
    reference: 'Robbins & Monro 1951',
    create: (options, state) =>
      new SamplerStrategy('uniform', options, uniformSampler(options, state), { scored: false }),
  },
  'memory-is': {
    name: 'memory-is',
    summary: 'draws by remembered scores and weights by 1/(N·p): importance sampling',
    biased: false,
    reference: 'arXiv 2311.14468, Algorithm 1',
    create: memory('memory-is', 'importance'),
  },
  'memory-as': {
    name: 'memory-as',
    summary: 'draws by remembered scores and leaves the weights at 1: adaptive sampling',
    biased: true,
    reference: 'arXiv 2311.14468, Algorithm 1',
    create: memory('memory-as', 'adaptive'),
  },
  dlis: {
    name: 'dlis',
    summary: 'scores a larger uniform batch and resamples from it, while the expected gain pays for it',
    biased: false,
    reference: 'arXiv 1803.00942, Algorithm 1',
    create: (options, state) =>
      new ResamplingStrategy(
        'dlis',
        options,
        state
          ? ResamplingSampler.fromState(state as ResamplingSamplerState)
          : new ResamplingSampler(options.size, options),
      ),
  },
  low: {
    name: 'low',
    summary: 'draws uniformly and weights each batch by its own scores',
    biased: true,
    reference: 'Santiago et al., Pattern Recognition 110:107585, 2021',
    create: (options, state) => new LowStrategy('low', options, uniformSampler(options, state)),
  },
};

/**
 * The strategy of a method by its name.
 *
 * @throws if there is no such method or an option is out of range
 * @example
 * ```ts
 * import { createStrategy } from '@gradis/training';
 *
 * const strategy = createStrategy('memory-is', { size: 60_000, seed: 1, uniformMix: 0.2 });
 * console.log(strategy.name, strategy.size); // → memory-is 60000
 * ```
 */
export function createStrategy(name: string, options: MethodOptions): Strategy {
  return methodOf(name).create(options);
}

/** The strategy that `strategy.getState()` saved; its next batches are the ones it would have had. */
export function strategyFromState(state: StrategyState): Strategy {
  return methodOf(state.name).create(state.options, state.sampler);
}

function methodOf(name: string): Method {
  const method = Object.hasOwn(methods, name) ? methods[name as MethodName] : undefined;
  if (!method) throw new Error(`there is no method "${name}"; choose one of ${Object.keys(methods).join(', ')}.`);
  return method;
}
