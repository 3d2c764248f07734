import { type CandidateSampler, type Sampler, samplerFromState } from '@gradis/samplers';
import { CandidateStrategy } from './CandidateStrategy.js';
import type { MethodOptions } from './MethodOptions.js';
import type { Method } from './methods/Method.js';
import { type MethodName, methods } from './methods/methods.js';
import { SamplerStrategy } from './SamplerStrategy.js';
import type { Strategy, StrategyState } from './Strategy.js';

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
  return methodOf(name).create(name, options);
}

/**
 * A strategy for a sampler of your own, which learns from scores: one that looks at candidates gets theirs.
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
  if ('presample' in sampler) return new CandidateStrategy(name, options, sampler as CandidateSampler);
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
 * const none = async (indices: Int32Array) => new Float32Array(indices.length);
 * const scorer = { scores: none, losses: none };
 * const strategy = createStrategy('uniform', { size: 9, seed: 1 });
 * const copy = strategyFromState(structuredClone(strategy.getState()));
 * console.log((await copy.next(4, scorer)).indices.join() === (await strategy.next(4, scorer)).indices.join()); // → true
 * ```
 */
export function strategyFromState(state: StrategyState): Strategy {
  if (Object.hasOwn(methods, state.name))
    return methods[state.name as MethodName].create(state.name, state.options, state.sampler);
  return strategyOf(samplerFromState(state.sampler), state.name);
}

function methodOf(name: string): Method {
  const method = Object.hasOwn(methods, name) ? methods[name as MethodName] : undefined;
  if (!method) throw new Error(`there is no method "${name}"; choose one of ${Object.keys(methods).join(', ')}.`);
  return method;
}
