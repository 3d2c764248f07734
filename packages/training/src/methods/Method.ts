import { type CandidateSampler, type Sampler, type SamplerState, samplerFromState } from '@gradis/samplers';
import { CandidateStrategy, type CandidateStrategyOptions } from '../CandidateStrategy.js';
import type { MethodOptions } from '../MethodOptions.js';
import { SamplerStrategy, type SamplerStrategyOptions } from '../SamplerStrategy.js';
import type { Strategy } from '../Strategy.js';

/** A published method: what it does, where it comes from, and how to make its strategy. */
export interface Method {
  /** One line on what it does. */
  readonly summary: string;
  /**
   * Whether, with its default options, its expected step is not along the gradient of the mean loss. That of `infobatch` is along it, and N/M times
   * as long, M being the samples of an epoch: its shorter epochs go as far as full ones.
   */
  readonly biased: boolean;
  /** Where it was published. */
  readonly reference: string;
  /** The score that it is defined by, if that is not the one that the learner takes by itself. */
  readonly score?: 'last-layer';
  /** A strategy of this name with these options, in its initial state or in a saved state of its sampler; refuses that of another kind. */
  create(name: string, options: MethodOptions, state?: SamplerState): Strategy;
}

/** What a person reads of a method. */
export type Description = Omit<Method, 'create'>;

/** A method whose sampler needs a strategy of its own. */
export function method<S extends Sampler>(
  description: Description,
  makeSampler: (options: MethodOptions) => S,
  makeStrategy: (name: string, options: MethodOptions, sampler: S) => Strategy,
): Method {
  return {
    ...description,
    create(name, options, state) {
      if (!state) return makeStrategy(name, options, makeSampler(options));
      const { kind } = makeSampler({ size: 1 }).getState();
      if (state.kind !== kind) {
        throw new TypeError(`state.sampler.kind is '${state.kind}'; it must be '${kind}' for the method ${name}.`);
      }
      return makeStrategy(name, options, samplerFromState(state) as S);
    },
  };
}

/** A method whose sampler draws and learns. */
export function sampling(
  description: Description,
  makeSampler: (options: MethodOptions) => Sampler,
  strategyOptions?: SamplerStrategyOptions,
): Method {
  return method(
    description,
    makeSampler,
    (name, options, sampler) => new SamplerStrategy(name, options, sampler, strategyOptions),
  );
}

/** A method whose sampler looks at candidates. */
export function choosing(
  description: Description,
  makeSampler: (options: MethodOptions) => CandidateSampler,
  strategyOptions?: CandidateStrategyOptions,
): Method {
  return method(
    description,
    makeSampler,
    (name, options, sampler) => new CandidateStrategy(name, options, sampler, strategyOptions),
  );
}
