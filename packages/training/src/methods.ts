import {
  CalibratedSampler,
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
export type MethodName = 'uniform' | 'memory-is' | 'memory-as' | 'calibrated' | 'dlis' | 'low';

const memory = (name: MethodName, weightExponent: number): Method['create'] => {
  return (options, state) =>
    new SamplerStrategy(
      name,
      options,
      state ? samplerFromState(state) : new MemorySampler(options.size, { ...options, weightExponent }),
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
    create: memory('memory-is', 1),
  },
  'memory-as': {
    name: 'memory-as',
    summary: 'draws by remembered scores and leaves the weights at 1: adaptive sampling',
    biased: true,
    reference: 'arXiv 2311.14468, Algorithm 1',
    create: memory('memory-as', 0),
  },
  calibrated: {
    name: 'calibrated',
    summary: 'draws by the scores expected now, learned from last scores and their ages; weights 1/(N·p)',
    biased: false,
    reference: 'gradis; memory-is without stale scores',
    create: (options, state) =>
      new SamplerStrategy(
        'calibrated',
        options,
        state ? samplerFromState(state) : new CalibratedSampler(options.size, options),
      ),
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
 * @param options of which each method reads those that concern it
 * @throws if there is no such method or an option is out of range
 * @example
 * ```ts
 * import { createStrategy } from '@gradis/training';
 *
 * const strategy = createStrategy('memory-is', { size: 60_000, seed: 1, uniformMix: 0.2 });
 * console.log(strategy.name, strategy.size); // → memory-is 60000
 * ```
 */
export function createStrategy(name: MethodName, options: MethodOptions): Strategy {
  return methodOf(name).create(options);
}

/**
 * A strategy for a sampler of your own: a `ResamplingSampler` gets the scores it asks for, any other draws and learns.
 *
 * @example
 * ```ts
 * import { MemorySampler } from '@gradis/samplers';
 * import { strategyOf } from '@gradis/training';
 *
 * const strategy = strategyOf(new MemorySampler(100, { drawing: 'systematic' }), 'memory-systematic');
 * console.log(strategy.name, strategy.size); // → memory-systematic 100
 * ```
 */
export function strategyOf(sampler: Sampler, name = 'custom'): Strategy {
  const options = { size: sampler.size };
  if (sampler instanceof ResamplingSampler) return new ResamplingStrategy(name, options, sampler);
  return new SamplerStrategy(name, options, sampler);
}

/**
 * The strategy that `strategy.getState()` saved; its next batches are the ones it would have had.
 *
 * @throws if the state is not that of a strategy
 * @example
 * ```ts
 * import { createStrategy, strategyFromState } from '@gradis/training';
 *
 * const score = async (indices: Int32Array) => new Float32Array(indices.length);
 * const strategy = createStrategy('uniform', { size: 9, seed: 1 });
 * const copy = strategyFromState(structuredClone(strategy.getState()));
 * console.log((await copy.next(4, score)).indices.join() === (await strategy.next(4, score)).indices.join()); // → true
 * ```
 */
export function strategyFromState(state: StrategyState): Strategy {
  if (Object.hasOwn(methods, state.name)) return methods[state.name as MethodName].create(state.options, state.sampler);
  return strategyOf(samplerFromState(state.sampler), state.name);
}

function methodOf(name: string): Method {
  const method = Object.hasOwn(methods, name) ? methods[name as MethodName] : undefined;
  if (!method) throw new Error(`there is no method "${name}"; choose one of ${Object.keys(methods).join(', ')}.`);
  return method;
}
