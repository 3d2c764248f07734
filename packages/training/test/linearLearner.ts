import { RandomGenerator } from '@gradis/samplers';
import { type Batch, type Learner, type LearnerState, type StepResult, zeroSeconds } from '../src/index.js';

/** Linear regression by SGD in plain float64 arithmetic: a complete learner without any tensor library. */
export class LinearLearner implements Learner {
  readonly calls = { scores: 0, losses: 0, scored: 0, evaluate: 0 };
  parameters: number[];
  readonly #x: number[][];
  readonly #y: number[];

  constructor(
    readonly size: number,
    private readonly learningRate = 0.05,
  ) {
    const random = new RandomGenerator(3);
    this.#x = Array.from({ length: size }, () => [1, random.normal(), random.normal()]);
    this.#y = this.#x.map((x) => 1 + 2 * x[1] - x[2] + 0.5 * random.normal() ** 3);
    this.parameters = [0, 0, 0];
  }

  /** Gradient of the loss (θ·x − y)²/2 of one sample. */
  gradient(index: number): number[] {
    return this.#x[index].map((value) => this.#residual(index) * value);
  }

  async scores(indices: Int32Array): Promise<Float32Array> {
    this.calls.scores++;
    return Float32Array.from(indices, (i) => Math.abs(this.#residual(i)));
  }

  async losses(indices: Int32Array): Promise<Float32Array> {
    this.calls.losses++;
    return Float32Array.from(indices, (i) => this.#residual(i) ** 2 / 2);
  }

  async step({ indices, weights, scored }: Batch): Promise<StepResult> {
    if (scored) this.calls.scored++;
    const scores = Float32Array.from(indices, (i) => Math.abs(this.#residual(i)));
    const losses = scores.map((s) => (s * s) / 2);
    const factors = typeof weights === 'function' ? weights(scores) : weights;
    const gradient = [0, 0, 0];
    for (const [k, index] of indices.entries()) {
      this.gradient(index).forEach((value, j) => {
        gradient[j] += (factors[k] * value) / indices.length;
      });
    }
    this.parameters = this.parameters.map((value, j) => value - this.learningRate * gradient[j]);
    return { losses, scores: scored ? scores : undefined, weights: factors, seconds: { ...zeroSeconds(), step: 0.25 } };
  }

  async evaluate(): Promise<{ loss: number }> {
    this.calls.evaluate++;
    return { loss: this.meanLoss() };
  }

  meanLoss(): number {
    return this.#y.reduce((sum, _, i) => sum + this.#residual(i) ** 2 / 2, 0) / this.size;
  }

  async getState(): Promise<LearnerState> {
    return { kind: 'LinearLearner', version: 1, parameters: [...this.parameters] } as LearnerState;
  }

  async setState(state: LearnerState): Promise<void> {
    this.parameters = [...(state as unknown as { parameters: number[] }).parameters];
  }

  #residual(index: number): number {
    return this.#x[index].reduce((sum, value, j) => sum + value * this.parameters[j], 0) - this.#y[index];
  }
}
