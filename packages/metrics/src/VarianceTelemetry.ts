import { RunningStatistics, type RunningStatisticsState } from './RunningStatistics.js';

/** Half-width of the interval of the mean weight in standard errors: a false alarm once in 10,000 checks. */
const STANDARD_ERRORS = 3.8906;

/** Weights may come in float32; an interval narrower than their rounding would raise false alarms. */
const ROUNDING = 1e-6;

/** What the sampling did to the variance of the gradient estimate. All values are finite. */
export interface VarianceSummary {
  /** Number n of samples observed. */
  count: number;
  /** U = mean(s²·w): second moment of the score if the same batches had been drawn uniformly. */
  uniformSecondMoment: number;
  /** I = mean(s²·w²): second moment of the weighted score, as it was drawn. */
  secondMoment: number;
  /** I/U; below 1 the sampling reduces the variance. 1 if all scores are zero. */
  secondMomentRatio: number;
  /** U/I: the factor by which uniform batches would have to grow to have the same second moment. */
  equivalentBatchGrowth: number;
  /** W = mean(w); its expectation is 1. */
  weightMean: number;
  /** Confidence interval of the expectation of w, at 99.99 %. */
  weightInterval: [low: number, high: number];
  /** Whether 1 lies inside `weightInterval`. If not, the weights are not those of the sampler. */
  weightsConsistent: boolean;
  /** (Σw)²/(n·Σw²) in (0, 1]: effective sample size of the weights as a share of n. */
  effectiveSampleSizeShare: number;
}

/** Saved state of a {@link VarianceTelemetry}. */
export interface VarianceTelemetryState {
  readonly kind: 'VarianceTelemetry';
  readonly version: 1;
  readonly weights: RunningStatisticsState;
  readonly uniformSum: number;
  readonly sum: number;
}

/**
 * Measures, from the batches of a training run and at no further cost, whether non-uniform sampling helps.
 *
 * With scores s and importance weights w = 1/(N·p) of the samples drawn: `U = mean(s²w)`, `I = mean(s²w²)`, `W = mean(w)`.
 * The second moment stands for the variance: the two differ by ‖mean gradient‖², which is the same for every unbiased method.
 *
 * The interval of W assumes that the mean of n weights is about normal. Where a few samples have tiny probabilities,
 * their huge weights are seen too rarely for that, and W looks too small: keep probabilities bounded below
 * (`uniformMix`), or read `weightsConsistent: false` with W < 1 as "rare large weights" first.
 *
 * @example
 * ```ts
 * import { VarianceTelemetry } from '@gradis/metrics';
 *
 * const telemetry = new VarianceTelemetry();
 * telemetry.observe([2, 2, 1, 1], [0.5, 0.5, 1.5, 1.5]); // the scores of a batch, and 1/(N·p)
 * const { secondMomentRatio, weightMean } = telemetry.summary()!;
 * console.log(secondMomentRatio.toFixed(3), weightMean); // → 0.929 1
 * ```
 *
 * Second moments: Katharopoulos & Fleuret 2018, Eq. 6–8, with the score in place of the gradient norm.
 */
export class VarianceTelemetry {
  #weights = new RunningStatistics();
  #uniformSum = 0;
  #sum = 0;

  /**
   * Takes in one batch.
   *
   * @param scores Scores of the samples, finite and ≥ 0. [B]
   * @param importanceWeights 1/(N·p), p being the probability of the draw; finite and > 0. [B] Also where the
   *   training itself uses other weights, as adaptive sampling does.
   * @throws RangeError if a value is out of range or the lengths differ; the state is then as it was.
   */
  observe(scores: ArrayLike<number>, importanceWeights: ArrayLike<number>): void {
    validate(scores, importanceWeights);
    for (let i = 0; i < scores.length; i++) {
      const weight = importanceWeights[i]!;
      const uniform = scores[i]! ** 2 * weight;
      this.#uniformSum += uniform;
      this.#sum += uniform * weight;
      this.#weights.add(weight);
    }
  }

  /** What was observed since the last reset; undefined with fewer than two samples, which allow no interval. */
  summary(): VarianceSummary | undefined {
    const { count, mean, variance, secondMoment } = this.#weights;
    if (count < 2) return undefined;
    const halfWidth = STANDARD_ERRORS * Math.sqrt(variance / count) + ROUNDING;
    const hasScores = this.#sum > 0;
    return {
      count,
      uniformSecondMoment: this.#uniformSum / count,
      secondMoment: this.#sum / count,
      secondMomentRatio: hasScores ? this.#sum / this.#uniformSum : 1,
      equivalentBatchGrowth: hasScores ? this.#uniformSum / this.#sum : 1,
      weightMean: mean,
      weightInterval: [mean - halfWidth, mean + halfWidth],
      weightsConsistent: Math.abs(mean - 1) <= halfWidth,
      effectiveSampleSizeShare: mean ** 2 / secondMoment,
    };
  }

  /** Forgets everything, at the start of an epoch. */
  reset(): void {
    this.#weights = new RunningStatistics();
    this.#uniformSum = 0;
    this.#sum = 0;
  }

  /** Everything needed to continue: plain numbers, which JSON keeps. */
  getState(): VarianceTelemetryState {
    return {
      kind: 'VarianceTelemetry',
      version: 1,
      weights: this.#weights.getState(),
      uniformSum: this.#uniformSum,
      sum: this.#sum,
    };
  }

  /**
   * A telemetry that continues where the saved one stood.
   *
   * @throws TypeError on the state of something else or of another version.
   */
  static fromState(state: VarianceTelemetryState): VarianceTelemetry {
    if (state.kind !== 'VarianceTelemetry' || state.version !== 1) {
      throw new TypeError(
        `state is of kind ${state.kind}, version ${state.version}; VarianceTelemetry reads its own state, version 1.`,
      );
    }
    const telemetry = new VarianceTelemetry();
    telemetry.#weights = RunningStatistics.fromState(state.weights);
    telemetry.#uniformSum = state.uniformSum;
    telemetry.#sum = state.sum;
    return telemetry;
  }
}

function validate(scores: ArrayLike<number>, importanceWeights: ArrayLike<number>): void {
  if (scores.length !== importanceWeights.length) {
    throw new RangeError(
      `importanceWeights has ${importanceWeights.length} values and scores ${scores.length}; there must be one for each sample.`,
    );
  }
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    const weight = importanceWeights[i]!;
    if (!(score >= 0 && score < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`scores[${i}] is ${score}; scores must be finite and ≥ 0.`);
    }
    if (!(weight > 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`importanceWeights[${i}] is ${weight}; weights 1/(N·p) must be finite and > 0.`);
    }
  }
}
