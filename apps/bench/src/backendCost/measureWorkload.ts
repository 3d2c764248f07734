import type { Turn } from '../stepCost/timeSteps.js';
import type { BenchMethod } from './BenchMethod.js';
import type { StepCounts } from './countStep.js';
import type { CreatedModel, TurnTimes, Workload } from './protocol.js';
import type { Trainer } from './Trainer.js';

/** How much to measure. */
export interface Effort {
  /** Turns of each trainer and method. */
  rounds: number;
  turn: Required<Turn>;
  /** Milliseconds of measured turns after which a method makes no more, but for `LEAST_TURNS`: slow ones make fewer. */
  capMilliseconds: number;
  /** Seconds that the first step may take. */
  limitSeconds: number;
}

/** What was measured of a method. */
export interface MethodMeasurement {
  method: BenchMethod;
  turns: TurnTimes[];
  counts?: StepCounts;
}

/** What was measured of a trainer with one model and batch size, or why it was not. */
export interface Measurement extends Workload, Partial<CreatedModel> {
  trainer: string;
  /** Uniform sampling first. */
  methods: MethodMeasurement[];
  skipped?: string;
}

/** Turns that are made of every method, however slow. */
const LEAST_TURNS = 3;

/** A trainer, and what is measured of it: filled in as it is made, so that it is there when the rest is aborted. */
export interface Participant {
  readonly trainer: Trainer;
  readonly measurement: Measurement;
}

/**
 * Times the methods of all trainers on one model and batch size in turns, so that whatever else the machine does falls on
 * all of them. A trainer that fails takes no more part in it.
 *
 * @param progress told of what comes next
 */
export async function measureWorkload(
  participants: readonly Participant[],
  effort: Effort,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { model, batchSize } = participants[0].measurement;
  const say = (text: string) => progress(`${model}, batch ${batchSize}: ${text}`);
  const attempt = async ({ measurement }: Participant, work: () => Promise<void>): Promise<void> => {
    if (signal.aborted || measurement.skipped !== undefined) return;
    try {
      await work();
    } catch (error) {
      // What the abort has ended has not failed.
      if (signal.aborted) return;
      measurement.skipped = (error as Error).message;
      say(`${measurement.trainer} is left out: ${measurement.skipped}`);
    }
  };

  for (const participant of participants) {
    await attempt(participant, () => {
      say(`first step of ${participant.measurement.trainer}`);
      return begin(participant, effort.limitSeconds);
    });
  }
  // Round −1 lets engines compile and caches fill.
  for (let round = -1; round < effort.rounds && !signal.aborted; round++) {
    say(round < 0 ? 'warms up' : `turn ${round + 1} of ${effort.rounds}`);
    for (const participant of participants) {
      const { trainer, measurement } = participant;
      for (const own of inOrder(measurement.methods, round + 1)) {
        if (isDone(own, effort)) continue;
        await attempt(participant, async () => {
          const times = await trainer.time(own.method, effort.turn);
          if (round >= 0) own.turns.push(times);
        });
      }
    }
  }
  for (const participant of participants) await attempt(participant, () => finish(participant));
}

async function begin({ trainer, measurement }: Participant, limitSeconds: number): Promise<void> {
  const { model, batchSize } = measurement;
  measurement.parameters = (await trainer.create({ model, batchSize })).parameters;
  await trainer.firstStep(limitSeconds);
}

async function finish({ trainer, measurement }: Participant): Promise<void> {
  if (trainer.kind.hasMethods) {
    for (const own of measurement.methods) own.counts = await trainer.count(own.method);
  }
  await trainer.release();
}

/** Another method first in each round: what comes after another process finds its caches empty. */
function inOrder<T>(methods: readonly T[], round: number): T[] {
  const first = round % methods.length;
  return [...methods.slice(first), ...methods.slice(0, first)];
}

function isDone({ turns }: MethodMeasurement, { capMilliseconds }: Effort): boolean {
  const spent = turns.flatMap(({ milliseconds }) => milliseconds).reduce((sum, own) => sum + own, 0);
  return turns.length >= LEAST_TURNS && spent > capMilliseconds;
}
