import type { RunRecord } from '@gradis/metrics';
import type { TrainEvent } from '@gradis/training';
import { MultiBar, type SingleBar } from 'cli-progress';
import pc from 'picocolors';
import type { RunId } from '../run/RunId.js';
import { describeEnd, describeRun, formatDuration } from './describe.js';
import { Estimate } from './Estimate.js';
import type { Progress, ProgressPlan } from './Progress.js';

/** Share of the old loss in the smoothed loss that is shown. */
const SMOOTHING = 0.98;

/** One bar that moves with every step, and a line for every finished run above it. */
export class LiveProgress implements Progress {
  readonly #out: NodeJS.WriteStream;
  #bars?: MultiBar;
  #bar?: SingleBar;
  #estimate?: Estimate;
  #epochs?: number;
  #loss?: number;
  #error = '';

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  note(text: string): void {
    if (this.#bars) this.#bars.log(`${text}\n`);
    else this.#out.write(`${text}\n`);
  }

  start(runs: readonly RunId[], plan: ProgressPlan): void {
    this.#estimate = new Estimate(runs.length, plan);
    this.#epochs = plan.epochs;
    const format = `${pc.cyan('{bar}')} {percentage} %  {status}`;
    const look = { barCompleteChar: '━', barIncompleteChar: pc.dim('─'), barsize: 24 };
    this.#bars = new MultiBar({ ...look, format, stream: this.#out, fps: 8, hideCursor: true, clearOnComplete: true });
    this.#bar = this.#bars.create(1000, 0, { status: '' });
  }

  startRun(id: RunId, steps: number): void {
    this.#estimate?.startRun(steps);
    this.#loss = undefined;
    this.#error = '';
    if (steps > 0) this.note(`${describeRun(id)}  continues after step ${steps}`);
    this.#show(id, 'starting');
  }

  event(id: RunId, event: TrainEvent): void {
    if (event.kind === 'epoch') {
      if (event.test?.error !== undefined) this.#error = `  error ${(100 * event.test.error).toFixed(2)} %`;
      return;
    }
    this.#estimate?.step(event);
    this.#loss = this.#loss === undefined ? event.loss : SMOOTHING * this.#loss + (1 - SMOOTHING) * event.loss;
    const epochs = this.#epochs ? `/${this.#epochs}` : '';
    const eta = this.#estimate?.remainingSeconds;
    const left = eta === undefined ? '' : `  ${formatDuration(eta)} left`;
    this.#show(id, `epoch ${event.epoch}${epochs}  loss ${this.#loss.toFixed(4)}${this.#error}${left}`);
  }

  endRun(id: RunId, record: RunRecord): void {
    this.#estimate?.endRun();
    this.note(describeEnd(id, record));
  }

  stop(): void {
    this.#bars?.stop();
    this.#bars = undefined;
  }

  #show(id: RunId, text: string): void {
    this.#bar?.update(Math.floor(1000 * (this.#estimate?.share ?? 0)), {
      status: `${pc.bold(describeRun(id))}  ${text}`,
    });
  }
}
