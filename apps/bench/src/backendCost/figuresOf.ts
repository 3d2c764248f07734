import { median } from '../timing/median.js';
import { type PairedRatio, pairedRatio } from '../timing/pairedRatio.js';
import type { BenchMethod } from './BenchMethod.js';
import type { StepCounts } from './countStep.js';
import type { Measurement } from './measureWorkload.js';
import type { CreatedModel, TurnTimes, Workload } from './protocol.js';

/** Times of a step, in milliseconds. */
export interface StepTimes {
  /** By the clock. */
  step: number;
  /** That processors worked for it, in all threads: what hardly depends on what else the machine does. */
  processor: number;
}

/** Times beside those of something else in the same turns. */
export type StepRatios = Record<keyof StepTimes, PairedRatio>;

/** Figures of a method. */
export interface MethodFigures {
  method: BenchMethod;
  /** Medians over the turns. */
  milliseconds: StepTimes;
  samplesPerSecond: number;
  toUniform: StepRatios;
  /** Medians of each turn. */
  turns: StepTimes[];
  counts?: StepCounts;
}

/** Figures of a trainer with one model and batch size, or why there are none. */
export interface Figures extends Workload, Partial<CreatedModel> {
  trainer: string;
  /** Uniform sampling first. */
  methods: MethodFigures[];
  /** PyTorch on the same kind of device. */
  rival?: string;
  /** Uniform sampling of both. */
  toRival?: StepRatios;
  skipped?: string;
}

/**
 * Medians and paired ratios of what was measured. Methods without a turn are left out.
 *
 * @param rivalOf name of the trainer beside which another is put, if any
 */
export function figuresOf(
  measurements: readonly Measurement[],
  rivalOf: (trainer: string) => string | undefined,
): Figures[] {
  return measurements.map((measurement) => {
    const { model, batchSize, parameters, trainer, skipped, methods } = measurement;
    const rival = rivalOf(trainer);
    const ofRival = measurements.find((other) => {
      return other.trainer === rival && other.model === model && other.batchSize === batchSize;
    });
    const [uniform, rivals] = [methods[0], ofRival?.methods[0]].map((own) => own?.turns.map(timesOf) ?? []);
    return {
      model,
      batchSize,
      parameters,
      trainer,
      skipped,
      rival,
      toRival: uniform.length > 0 && rivals.length > 0 ? ratiosOf(uniform, rivals) : undefined,
      methods: methods
        .filter(({ turns }) => turns.length > 0)
        .map(({ method, turns, counts }) => {
          const times = turns.map(timesOf);
          const milliseconds = {
            step: median(times.map(({ step }) => step)),
            processor: median(times.map(({ processor }) => processor)),
          };
          const samplesPerSecond = (1000 * batchSize) / milliseconds.step;
          return { method, milliseconds, samplesPerSecond, toUniform: ratiosOf(times, uniform), turns: times, counts };
        }),
    };
  });
}

function timesOf({ milliseconds, processorMilliseconds }: TurnTimes): StepTimes {
  return { step: median(milliseconds), processor: processorMilliseconds };
}

function ratiosOf(times: readonly StepTimes[], baseline: readonly StepTimes[]): StepRatios {
  const ratio = (of: keyof StepTimes) =>
    pairedRatio(
      times.map((own) => own[of]),
      baseline.map((own) => own[of]),
    );
  return { step: ratio('step'), processor: ratio('processor') };
}
