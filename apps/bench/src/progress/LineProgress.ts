import type { Writable } from 'node:stream';
import type { RunRecord } from '@gradis/metrics';
import type { TrainEvent } from '@gradis/training';
import type { RunId } from '../run/RunId.js';
import { describeEnd, describeQuality, describeRun, formatDuration } from './describe.js';
import { Estimate } from './Estimate.js';
import type { Progress, ProgressPlan } from './Progress.js';

/** A plain line after every epoch, for logs and pipes. */
export class LineProgress implements Progress {
  readonly #out: Writable;
  #estimate?: Estimate;

  constructor(out: Writable) {
    this.#out = out;
  }

  note(text: string): void {
    this.#out.write(`${text}\n`);
  }

  start(runs: readonly RunId[], plan: ProgressPlan): void {
    this.#estimate = new Estimate(runs.length, plan);
  }

  startRun(id: RunId, steps: number): void {
    this.#estimate?.startRun(steps);
    if (steps > 0) this.note(`${describeRun(id)}  continues after step ${steps}`);
  }

  event(id: RunId, event: TrainEvent): void {
    if (event.kind === 'step') {
      this.#estimate?.step(event);
    } else {
      const { share = 0, remainingSeconds } = this.#estimate ?? {};
      const eta = remainingSeconds === undefined ? '' : `, ${formatDuration(remainingSeconds)} left`;
      this.note(
        `[${Math.floor(100 * share)} %${eta}] ${describeRun(id)}  epoch ${event.epoch}: ${describeQuality(event)}`,
      );
    }
  }

  endRun(id: RunId, record: RunRecord): void {
    this.#estimate?.endRun();
    this.note(describeEnd(id, record));
  }

  stop(): void {}
}
