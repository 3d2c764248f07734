/** Latest times that a median is taken of. */
const KEPT = 15;

/** A backward pass is never taken for cheaper than this share of a forward pass: one of the two was disturbed then. */
const LEAST_RATIO = 0.1;

/** What passes over the network cost, measured: medians of the latest times, which a single slow step does not move. */
export class PassCosts {
  readonly #forward: number[] = [];
  readonly #step: number[] = [];

  /** @param seconds of a forward pass for each of its samples */
  addForward(seconds: number): void {
    keep(this.#forward, seconds);
  }

  /** @param seconds of a training step, forward and backward, for each of its samples */
  addStep(seconds: number): void {
    keep(this.#step, seconds);
  }

  /** Cost of a backward pass in forward passes: `step/forward − 1`; undefined before both were measured. */
  get backwardForwardRatio(): number | undefined {
    const forward = median(this.#forward);
    const step = median(this.#step);
    return forward > 0 && step > 0 ? Math.max(LEAST_RATIO, step / forward - 1) : undefined;
  }
}

function keep(times: number[], seconds: number): void {
  times.push(seconds);
  if (times.length > KEPT) times.shift();
}

/** The middle value; NaN if there is none. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
