import type { LineProcess } from '../processes/LineProcess.js';
import type { Turn } from '../stepCost/timeSteps.js';
import type { BenchMethod } from './BenchMethod.js';
import type { StepCounts } from './countStep.js';
import type { CreatedModel, StartedTrainer, TrainerAnswer, TrainerRequest, TurnTimes, Workload } from './protocol.js';

/** A kind of trainer: how to start it, and what it can do. */
export interface TrainerKind {
  /** Name in tables, such as `wasm` or `PyTorch`. */
  readonly name: string;
  /** What its process is told to train on. */
  readonly backend: string;
  readonly threads: number;
  /** Whether it knows the methods of gradis; else only uniform sampling. */
  readonly hasMethods: boolean;
  spawn(): LineProcess;
}

/**
 * Trains in a process of its own, which a failure ends and the next model starts again: what one model does to memory or
 * driver is not there for the next.
 */
export class Trainer {
  readonly kind: TrainerKind;
  #process?: LineProcess;
  #started?: StartedTrainer;

  private constructor(kind: TrainerKind) {
    this.kind = kind;
  }

  /** @throws Error that says in a sentence why it does not run here */
  static async start(kind: TrainerKind): Promise<Trainer> {
    const trainer = new Trainer(kind);
    await trainer.#start();
    return trainer;
  }

  /** What it trains on. */
  get started(): StartedTrainer {
    return this.#started as StartedTrainer;
  }

  async create(workload: Workload): Promise<CreatedModel> {
    if (!this.#process) await this.#start();
    return this.#ask({ kind: 'create', ...workload });
  }

  /** @throws Error if it takes longer; its process is then ended */
  async firstStep(limitSeconds: number): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.kill();
    }, 1000 * limitSeconds);
    try {
      await this.time('uniform', { steps: 1, milliseconds: 0 });
    } catch (error) {
      throw isLate ? new Error(`the first step took more than ${limitSeconds} s`) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Times of one turn. */
  time(method: BenchMethod, turn: Required<Turn>): Promise<TurnTimes> {
    return this.#ask({ kind: 'time', method, ...turn });
  }

  count(method: BenchMethod): Promise<StepCounts> {
    return this.#ask({ kind: 'count', method });
  }

  release(): Promise<null> {
    return this.#ask({ kind: 'release' });
  }

  /** Ends its process at once. */
  kill(): void {
    this.#process?.kill();
    this.#process = undefined;
  }

  async #start(): Promise<void> {
    this.#process = this.kind.spawn();
    this.#started = await this.#ask({ kind: 'start', backend: this.kind.backend, threads: this.kind.threads });
  }

  async #ask<T>(request: TrainerRequest): Promise<T> {
    if (!this.#process) throw new Error('its process has been ended.');
    try {
      const answer = await this.#process.ask<TrainerAnswer<T>>(request);
      if ('error' in answer) throw new Error(answer.error);
      return answer.value;
    } catch (error) {
      this.kill();
      throw error;
    }
  }
}
