import type { PhaseSeconds } from './Clock.js';

/** Computes the gradient factors of a batch from the batch's own scores. Both [B]. */
export type WeightRule = (scores: Float32Array) => Float32Array;

/** What a learner is asked to train on. */
export interface Batch {
  /** Samples of the training set. [B] */
  indices: Int32Array;
  /** Factors wᵢ of `(1/B) Σ wᵢ ∇ℓᵢ`, or a rule that computes them from the scores of this very forward pass. */
  weights: Float32Array | WeightRule;
  /** Whether the scores are wanted; a learner skips computing them otherwise. */
  scored: boolean;
}

/** What one step found out, all of it from the one forward pass that the step made. */
export interface StepResult {
  /** Unweighted loss of each sample. [B] */
  losses: Float32Array;
  /** Importance score of each sample, finite and ≥ 0; only if the batch asked for them. [B] */
  scores?: Float32Array;
  /** The factors that were used. [B] */
  weights: Float32Array;
  /** Where the time went: gather, step, scoring and read-back. */
  seconds: PhaseSeconds;
}

/** Quality of the model on a whole split. */
export interface Evaluation {
  /** Mean loss, without weights and regularisers. */
  loss: number;
  /** Share of wrongly classified samples in [0, 1]; absent if the task is not a classification. */
  error?: number;
}

/** Parameters and optimiser state, as plain typed arrays. */
export interface LearnerState {
  readonly kind: string;
  readonly version: 1;
}

/** Forward passes over training samples in inference mode, without a gradient, however many they are. */
export interface Scorer {
  /** Importance scores, finite and ≥ 0. [n] → [n] */
  scores(indices: Int32Array): Promise<Float32Array>;
  /** Unweighted losses. [n] → [n] */
  losses(indices: Int32Array): Promise<Float32Array>;
}

/** What a method learns from: the name of a value in a `StepResult`, and of the forward pass that gives it. */
export type Signal = keyof Scorer;

/** What a training backend can do. `@gradis/tfjs` implements it for TensorFlow.js; implement it to bring another library. */
export interface Learner extends Scorer {
  /** Number of training samples N. */
  readonly size: number;
  /**
   * Whether `step` returns with its work queued and no more, on a GPU say, so that another step may be asked for before
   * the result of this one is there. All seconds but `readBack` must be those that `step` kept the caller. Default false.
   */
  readonly isAsynchronous?: boolean;
  /** One optimisation step on `(1/B) Σ wᵢ ∇ℓᵢ`. */
  step(batch: Batch): Promise<StepResult>;
  evaluate(split: 'train' | 'test'): Promise<Evaluation>;
  getState(): Promise<LearnerState>;
  setState(state: LearnerState): Promise<void>;
}
