import { type CandidateSampler, OnlineBatchSampler, type Sampler, samplerFromState } from '@gradis/samplers';
import { CandidateStrategy, type CandidateStrategyOptions } from './CandidateStrategy.js';
import type { MethodOptions } from './MethodOptions.js';
import type { Method } from './methods/Method.js';
import { type MethodName, methods } from './methods/methods.js';
import { OnlineBatchStrategy } from './OnlineBatchStrategy.js';
import { SamplerStrategy, type SamplerStrategyOptions } from './SamplerStrategy.js';
import type { Strategy, StrategyState } from './Strategy.js';

/** Fields of a saved state, each of which must be there. */
const FIELDS = ['name', 'version', 'options', 'learnsFrom', 'skewed', 'sampler'] as const;

/**
 * The strategy of a method by its name.
 *
 * @param options `size`, and of the others each method reads those that concern it
 * @throws if there is no such method, or an option is missing or out of range
 * @example
 * ```ts
 * import { createStrategy } from '@gradis/training';
 *
 * const strategy = createStrategy('memory-is', { size: 60_000, seed: 1, uniformMix: 0.2 });
 * console.log(strategy.name, strategy.size); // → memory-is 60000
 * ```
 */
export function createStrategy(name: MethodName, options: MethodOptions): Strategy {
  const method = methodOf(name);
  requireOptions(options);
  return method.create(name, options);
}

/**
 * A strategy for a sampler of your own: one that looks at candidates gets the scores or losses of these, too.
 *
 * The samplers of `@gradis/samplers` that are made for losses learn losses, all others scores, unless `learnsFrom` says
 * otherwise: `MemorySampler`, say, takes either.
 *
 * @param name any but that of a method
 * @throws if a method has this name, or the sampler cannot learn from what `learnsFrom` names
 * @example
 * ```ts
 * import { MemorySampler } from '@gradis/samplers';
 * import { strategyOf } from '@gradis/training';
 *
 * const sampler = new MemorySampler(100, { drawing: 'systematic' });
 * const strategy = strategyOf(sampler, 'systematic-by-loss', { learnsFrom: 'losses' });
 * console.log(strategy.name, strategy.size); // → systematic-by-loss 100
 * ```
 */
export function strategyOf(sampler: Sampler, name = 'custom', strategyOptions: SamplerStrategyOptions = {}): Strategy {
  if (Object.hasOwn(methods, name)) {
    throw new Error(
      `name is '${name}', which is a method of gradis; choose another, since states are restored by name.`,
    );
  }
  const { learnsFrom } = strategyOptions;
  const signals = isCandidateSampler(sampler) ? ['scores', 'losses'] : ['scores', 'losses', 'nothing'];
  if (learnsFrom !== undefined && !signals.includes(learnsFrom)) {
    throw new RangeError(
      `learnsFrom is '${learnsFrom}'; it must be one of '${signals.join("', '")}' for this sampler.`,
    );
  }
  const options = { size: sampler.size };
  if (isCandidateSampler(sampler)) {
    return new CandidateStrategy(name, options, sampler, strategyOptions as CandidateStrategyOptions);
  }
  if (sampler instanceof OnlineBatchSampler) return new OnlineBatchStrategy(name, options, sampler, strategyOptions);
  return new SamplerStrategy(name, options, sampler, strategyOptions);
}

/**
 * The strategy that `strategy.getState()` saved; its next batches are the ones it would have had, but for `dlis-auto`,
 * whose batches depend on the clock.
 *
 * @throws if the state is not that of a strategy: an error that names the field
 * @example
 * ```ts
 * import { createStrategy, strategyFromState } from '@gradis/training';
 *
 * const none = async (indices: Int32Array) => new Float32Array(indices.length);
 * const scorer = { scores: none, losses: none };
 * const strategy = createStrategy('uniform', { size: 9, seed: 1 });
 * const copy = strategyFromState(structuredClone(strategy.getState()));
 * console.log((await copy.next(4, scorer)).indices.join() === (await strategy.next(4, scorer)).indices.join()); // → true
 * ```
 */
export function strategyFromState(state: StrategyState): Strategy {
  for (const field of FIELDS) {
    if (state?.[field] !== undefined) continue;
    throw new TypeError(`state.${field} is missing; give what getState of a strategy returned.`);
  }
  const { name, version, options, sampler, learnsFrom, skewed } = state;
  if (version !== 1) {
    throw new TypeError(`state.version is ${version}; this release reads version 1. Update @gradis/training.`);
  }
  const strategy = Object.hasOwn(methods, name)
    ? methodOf(name).create(name, options, sampler)
    : strategyOf(samplerFromState(sampler), name, { learnsFrom, skewed });
  if (strategy.size !== options.size) {
    throw new RangeError(
      `state.options.size is ${options.size}; it must be ${strategy.size}, the size of state.sampler.`,
    );
  }
  return strategy;
}

function methodOf(name: string): Method {
  const method = Object.hasOwn(methods, name) ? methods[name as MethodName] : undefined;
  if (!method) throw new Error(`there is no method "${name}"; choose one of ${Object.keys(methods).join(', ')}.`);
  return method;
}

/** What all methods share is checked here, even where a method has no use for it; the rest where it is used. */
function requireOptions(options: MethodOptions): void {
  if (typeof options?.size !== 'number') {
    throw new TypeError(`options.size is ${options?.size}; give the number of training samples: { size: 60_000 }.`);
  }
  const { epochs } = options;
  if (epochs !== undefined && !(typeof epochs === 'number' && epochs > 0)) {
    throw new RangeError(`epochs is ${epochs}; it must be a number > 0.`);
  }
}

function isCandidateSampler(sampler: Sampler): sampler is CandidateSampler {
  return 'presample' in sampler;
}
