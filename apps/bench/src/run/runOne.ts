import { setImmediate } from 'node:timers/promises';
import type { EpochRecord, RunEnd } from '@gradis/metrics';
import { TfjsLearner } from '@gradis/tfjs';
import {
  createStrategy,
  type EpochEvent,
  type LearnerState,
  type StrategyState,
  strategyFromState,
  type TrainEvent,
  TrainingProgress,
  type TrainingProgressState,
  train,
} from '@gradis/training';
import type { Experiment, ExperimentData } from '../experiments/Experiment.js';
import { createOptimizer } from './createOptimizer.js';
import type { RunId } from './RunId.js';
import type { Settings } from './Settings.js';
import { scoreOf } from './scoreOf.js';
import { trainingSet } from './trainingSet.js';

/** Everything needed to continue a run in the middle. */
export interface RunState {
  epochs: EpochRecord[];
  learner: LearnerState;
  strategy: StrategyState;
  progress: TrainingProgressState;
}

/** What became of a run; without an end it was aborted. */
export interface RunOutcome {
  epochs: EpochRecord[];
  end?: RunEnd;
}

/** What one run needs. */
export interface RunOptions {
  experiment: Experiment;
  data: ExperimentData;
  settings: Settings;
  id: RunId;
  /** Where to go on. */
  state?: RunState;
  signal?: AbortSignal;
  /** Is told of every step and epoch. */
  onEvent?(event: TrainEvent): void;
  /** Keeps a state from which the run can go on: after every epoch, and when it is aborted. */
  save?(state: RunState): Promise<void>;
}

/** Makes one run, or the rest of it. */
export async function runOne(options: RunOptions): Promise<RunOutcome> {
  const { experiment, data, settings, id, state, signal, onEvent, save } = options;
  const epochs = [...(state?.epochs ?? [])];
  const model = experiment.createModel(id.seed);
  const optimizer = createOptimizer(settings);
  try {
    const learner = new TfjsLearner({
      model,
      optimizer,
      loss: experiment.loss,
      score: scoreOf(id.method, settings),
      train: trainingSet(experiment, data, settings, id.seed),
      test: data.test,
    });
    const strategy = state
      ? strategyFromState(state.strategy)
      : createStrategy(id.method, { ...settings, size: data.train.size, seed: id.seed });
    if (state) await learner.setState(state.learner);
    const progress = state ? TrainingProgress.fromState(state.progress) : new TrainingProgress();
    const saveState = async () => {
      if (progress.steps === 0) return;
      await save?.({
        epochs,
        learner: await learner.getState(),
        strategy: strategy.getState(),
        progress: progress.getState(),
      });
    };

    const events = train(learner, strategy, { ...settings, signal, progress, evaluate: ['train', 'test'] });
    let next = await events.next();
    for (; !next.done; next = await events.next()) {
      onEvent?.(next.value);
      // On wasm a step never waits for anything; without this, neither Ctrl-C nor the progress bar would get a turn.
      await setImmediate();
      if (next.value.kind !== 'epoch') continue;
      epochs.push(epochRecord(next.value));
      await saveState();
    }
    const reason = next.value;
    if (reason !== 'aborted') return { epochs, end: { reason, finishedAt: new Date().toISOString() } };
    await saveState();
    return { epochs };
  } finally {
    model.dispose();
    optimizer.dispose();
  }
}

function epochRecord({ kind, ...event }: EpochEvent): EpochRecord {
  return event;
}
