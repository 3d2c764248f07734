import { assertObservation } from './assertObservation.js';
import {
  requireCount,
  requireInteger,
  requireIntegers,
  requireLength,
  requireNumber,
  requireOneOf,
  requireSavedOptions,
  requireState,
} from './checks.js';
import type { Draw, Sampler, SamplerState } from './Sampler.js';
import { binOf, ScoreHistogram, upperEdge } from './ScoreHistogram.js';

/** Options of a `RobustSampler`. */
export interface RobustSamplerOptions {
  /** Quantile of the last scores of all samples, in [0.5, 1], to which higher ones are clipped; 1 clips none. Default 0.99. */
  clipQuantile?: number;
  /**
   * Quantile of the last scores of all samples, in [0.5, 1], above which a visit is suspicious: 1 less the share of bad
   * labels that you expect; 1 suspects none. Default 0.9.
   */
  quarantineQuantile?: number;
  /** Number of suspicious visits in a row after which a sample is quarantined, in [1, 127]. Default 5. */
  patience?: number;
  /**
   * What becomes of a quarantined sample. 'calm': its score counts as the median. 'ignore' (biased): its weight is 0
   * besides. Default 'calm'.
   */
  quarantine?: 'calm' | 'ignore';
}

type Settings = Required<RobustSamplerOptions>;

/** Saved state of a `RobustSampler`. */
export interface RobustSamplerState extends SamplerState {
  readonly kind: 'RobustSampler';
  readonly options: Settings;
  /** State of the sampler that it guards. */
  readonly inner: SamplerState;
  /** Bin of each sample's last score, 0 if that is zero or unknown. Shape [N]. */
  readonly bins: Uint16Array;
  /** Suspicious visits in a row, at most `patience`: then the sample is quarantined. Shape [N]. */
  readonly streaks: Uint8Array;
  readonly observedScores: number;
  readonly clippedScores: number;
  readonly releasedCount: number;
}

const KIND = 'RobustSampler';

/** Longest patience, and where a streak is marked while a batch is learned from. */
const LARGEST_PATIENCE = 127;
const MARK = 128;

/**
 * Guards a sampler against bad labels: biased only with `quarantine: 'ignore'`, and otherwise just as unbiased as the
 * sampler inside, since it changes the scores that this one learns, and no weight.
 *
 * A mislabelled sample has a high score whatever the network has learned, and attracts draws for ever. Against this:
 *
 * - **Clip.** A score above a quantile of all scores is learned as that quantile.
 * - **Quarantine.** A sample that was above another quantile at `patience` visits in a row is learned as one with the
 *   median score. It is visited like any such sample, and the first visit at which it is not above the quantile
 *   releases it. Several occurrences in one batch are one visit, whose score is the largest of theirs.
 *
 * Quantiles are those of the last known scores of all samples, zeros left out: each sample counts once, since bad ones
 * may well have most of the visits. Scores are kept in bins that are 9 % wide. Above a quantile means above its bin, to
 * whose upper end scores are clipped, so equal scores are never above. At most a share of 1 − `quarantineQuantile` of the
 * samples looks suspicious at a time, and correct but hard ones are among them. Takes 3 bytes a sample and O(1) a score.
 *
 * @example
 * ```ts
 * import { MemorySampler, RobustSampler } from '@gradis/samplers';
 *
 * const sampler = new RobustSampler(new MemorySampler(1000));
 * for (let step = 0; step < 1000; step++) {
 *   const { indices } = sampler.draw(50);
 *   sampler.observe(indices, indices.map((index) => (index < 20 ? 9 : 1))); // the first twenty stay high
 * }
 * console.log(sampler.quarantined().join()); // → 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19
 * ```
 */
export class RobustSampler<S extends Sampler = Sampler> implements Sampler {
  readonly size: number;
  readonly #options: Settings;
  #histogram: ScoreHistogram;
  readonly #streaks: Uint8Array;
  #observedScores = 0;
  #clippedScores = 0;
  #quarantinedCount = 0;
  #releasedCount = 0;

  /**
   * @param inner The sampler to guard, one that learns from `observe`.
   * @throws TypeError on what is no sampler, or one that looks at candidates; RangeError on an option out of its range.
   */
  constructor(
    readonly inner: S,
    { clipQuantile = 0.99, quarantineQuantile = 0.9, patience = 5, quarantine = 'calm' }: RobustSamplerOptions = {},
  ) {
    if (typeof inner?.observe !== 'function') throw new TypeError(`inner is ${inner}; it must be a sampler.`);
    if ('presample' in inner) {
      throw new TypeError('inner has a presample; it must be a sampler that learns from observe alone.');
    }
    requireNumber('clipQuantile', clipQuantile, 0.5, 1);
    requireNumber('quarantineQuantile', quarantineQuantile, 0.5, 1);
    requireInteger('patience', patience, 1, LARGEST_PATIENCE);
    requireOneOf('quarantine', quarantine, ['calm', 'ignore']);
    this.#options = { clipQuantile, quarantineQuantile, patience, quarantine };
    this.size = inner.size;
    this.#histogram = new ScoreHistogram(inner.size);
    this.#streaks = new Uint8Array(inner.size);
  }

  get options(): Required<Sampler>['options'] {
    return { ...this.inner.options, ...this.#options };
  }

  /** Share of all observed scores that were clipped, in [0, 1). */
  get clippedShare(): number {
    return this.#clippedScores / Math.max(1, this.#observedScores);
  }

  /** Number of samples that are quarantined now. */
  get quarantinedCount(): number {
    return this.#quarantinedCount;
  }

  /** Number of releases from quarantine so far. */
  get releasedCount(): number {
    return this.#releasedCount;
  }

  /** The samples that are quarantined now, in ascending order: their labels are worth a look. O(N). */
  quarantined(): Int32Array {
    const { patience } = this.#options;
    const indices = new Int32Array(this.#quarantinedCount);
    let count = 0;
    this.#streaks.forEach((streak, index) => {
      if (streak === patience) indices[count++] = index;
    });
    return indices;
  }

  /** A batch of the inner sampler; with 'ignore', the weight of a quarantined sample is 0. */
  draw(batchSize: number): Draw {
    const { patience, quarantine } = this.#options;
    const draw = this.inner.draw(batchSize);
    if (quarantine === 'calm') return draw;
    draw.indices.forEach((index, k) => {
      if (this.#streaks[index] === patience) draw.weights[k] = 0;
    });
    return draw;
  }

  observe(indices: ArrayLike<number>, scores: ArrayLike<number>): void {
    assertObservation(indices, scores, this.size);
    this.#remember(indices, scores);
    this.#suspect(indices);
    this.inner.observe(indices, this.#calmed(indices, scores));
  }

  probabilities(): Float64Array {
    return this.inner.probabilities();
  }

  diagnostics(): Record<string, number> {
    const { clippedShare, quarantinedCount, releasedCount } = this;
    return { ...this.inner.diagnostics?.(), clippedShare, quarantinedCount, releasedCount };
  }

  getState(): RobustSamplerState {
    return {
      kind: KIND,
      version: 1,
      options: { ...this.#options },
      inner: this.inner.getState(),
      bins: this.#histogram.bins(),
      streaks: this.#streaks.slice(),
      observedScores: this.#observedScores,
      clippedScores: this.#clippedScores,
      releasedCount: this.#releasedCount,
    };
  }

  /**
   * A sampler whose next draws are those that the saved one would have made.
   *
   * @param inner The inner sampler, restored from `state.inner`; `samplerFromState` does both for those of this package.
   * @throws TypeError on the state of something else or of another version; an error that names the field on a damaged
   *   one.
   */
  static fromState<S extends Sampler>(state: RobustSamplerState, inner: S): RobustSampler<S> {
    requireState(state, KIND);
    const { options, bins, streaks, observedScores, clippedScores, releasedCount } = state;
    const sampler = new RobustSampler(inner, options);
    requireSavedOptions(options, sampler.#options);
    requireLength('state.streaks', streaks, sampler.size);
    requireIntegers('state.streaks', streaks, options.patience + 1);
    requireCount('state.observedScores', observedScores);
    requireInteger('state.clippedScores', clippedScores, 0, observedScores);
    requireCount('state.releasedCount', releasedCount);
    sampler.#histogram = ScoreHistogram.fromBins(bins, sampler.size);
    sampler.#streaks.set(streaks);
    sampler.#observedScores = observedScores;
    sampler.#clippedScores = clippedScores;
    sampler.#quarantinedCount = streaks.reduce((count, streak) => count + (streak === options.patience ? 1 : 0), 0);
    sampler.#releasedCount = releasedCount;
    return sampler;
  }

  /** Replaces the last score of each sample of a batch by the largest one that it has there. */
  #remember(indices: ArrayLike<number>, scores: ArrayLike<number>): void {
    const histogram = this.#histogram;
    for (let k = 0; k < scores.length; k++) histogram.set(indices[k], scores[k]);
    for (let k = 0; k < scores.length; k++) {
      if (binOf(scores[k]) > histogram.binAt(indices[k])) histogram.set(indices[k], scores[k]); // a duplicate
    }
  }

  /** Counts the suspicious visits in a row of each sample of a batch, and marks that it was counted. */
  #suspect(indices: ArrayLike<number>): void {
    const { quarantineQuantile, patience } = this.#options;
    const bound = this.#histogram.quantile(quarantineQuantile);
    const streaks = this.#streaks;
    for (let k = 0; k < indices.length; k++) {
      const streak = streaks[indices[k]];
      if (streak >= MARK) continue; // a duplicate
      const next = this.#histogram.binAt(indices[k]) > bound ? Math.min(patience, streak + 1) : 0;
      streaks[indices[k]] = MARK + next;
      if (next === streak) continue;
      if (next === patience) this.#quarantinedCount++;
      if (streak !== patience) continue;
      this.#quarantinedCount--;
      this.#releasedCount++;
    }
    for (let k = 0; k < indices.length; k++) streaks[indices[k]] %= MARK;
  }

  /** The scores that the inner sampler learns. */
  #calmed(indices: ArrayLike<number>, scores: ArrayLike<number>): Float64Array {
    const { clipQuantile, patience } = this.#options;
    const clip = this.#histogram.quantile(clipQuantile);
    const median = upperEdge(this.#histogram.quantile(0.5));
    const learned = Float64Array.from(scores);
    for (let k = 0; k < scores.length; k++) {
      if (this.#streaks[indices[k]] === patience) {
        learned[k] = Math.min(median, learned[k]);
      } else if (binOf(scores[k]) > clip) {
        learned[k] = upperEdge(clip);
        this.#clippedScores++;
      }
    }
    this.#observedScores += scores.length;
    return learned;
  }
}
