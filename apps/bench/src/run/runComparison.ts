import { subset } from '@gradis/datasets';
import type { RunHeader, RunRecord } from '@gradis/metrics';
import { createStrategy, isBiased } from '@gradis/training';
import type { Experiment, ExperimentData } from '../experiments/Experiment.js';
import type { Progress } from '../progress/Progress.js';
import { describeEnvironment } from './environment.js';
import type { ResultsFolder } from './ResultsFolder.js';
import { plannedRuns, type RunId } from './RunId.js';
import { runOne } from './runOne.js';
import type { Settings } from './Settings.js';
import { scoreOf } from './scoreOf.js';
import { type BackendRequest, startBackend } from './startBackend.js';
import { warmUp } from './warmUp.js';

/** What a comparison needs. */
export interface Comparison {
  experiment: Experiment;
  settings: Settings;
  folder: ResultsFolder;
  /** Where to train. */
  device: BackendRequest;
  progress: Progress;
  signal: AbortSignal;
}

/** Makes every run of a comparison that its folder does not hold yet. */
export async function runComparison(comparison: Comparison): Promise<void> {
  const { experiment, settings, folder, device, progress, signal } = comparison;
  const done = new Set(
    (await folder.readRuns()).filter(({ end }) => end).map(({ method, seed }) => `${method} ${seed}`),
  );
  const runs = plannedRuns(settings).filter(({ method, seed }) => !done.has(`${method} ${seed}`));
  if (runs.length === 0) return;

  progress.note(`Loading ${experiment.title}`);
  const choice = await startBackend(device);
  const environment = describeEnvironment(choice);
  await folder.writePlan({ experiment: experiment.name, settings, device: { ...device, backend: choice.backend } });
  const data = await loadSamples(experiment, settings, signal);
  const stepsPerEpoch = Math.ceil(data.train.size / settings.batchSize);
  progress.note(
    `${runs.length} ${runs.length === 1 ? 'run' : 'runs'} of ${stepsPerEpoch} steps an epoch on ${data.train.size} samples of ${datasetName(experiment, settings)}, backend ${environment.backend}`,
  );
  if (choice.isSoftware) progress.note('That is software that imitates a GPU, far slower than --backend wasm.');
  else if (choice.backend === 'wasm' && choice.passedOver.length > 0) {
    progress.note(
      'Large models train faster on native TensorFlow or a GPU: gradis doctor says what this machine lacks.',
    );
  }
  progress.note('Warming up');
  await warmUp(experiment, data, settings, signal);

  progress.start(runs, { ...settings, stepsPerEpoch });
  for (const id of runs) {
    if (signal.aborted) break;
    const checkpoint = await folder.readCheckpoint(id);
    const header = checkpoint?.header ?? newHeader(id);
    progress.startRun(id, checkpoint?.progress.steps ?? 0);
    const outcome = await runOne({
      experiment,
      data,
      settings,
      id,
      state: checkpoint,
      signal,
      onEvent: (event) => progress.event(id, event),
      save: (state) => folder.writeCheckpoint(id, { header, ...state }),
    });
    const record = { ...header, ...outcome };
    if (record.end) await folder.writeRun(id, record);
    progress.endRun(id, record);
  }
  progress.stop();

  function newHeader(id: RunId): RunHeader {
    const { method, seed } = id;
    return {
      experiment: experiment.name,
      title: experiment.title,
      method,
      biased: isBiased(method, { ...settings, size: data.train.size, seed }),
      seed,
      settings: recordedSettings(id, data.train.size, settings),
      dataset: { name: datasetName(experiment, settings), trainSize: data.train.size, testSize: data.test.size },
      environment,
      startedAt: new Date().toISOString(),
    };
  }
}

async function loadSamples(
  experiment: Experiment,
  { trainSize }: Settings,
  signal: AbortSignal,
): Promise<ExperimentData> {
  const { train, test } = await experiment.loadData(signal);
  if (trainSize !== undefined && trainSize > train.size) {
    throw new Error(`--train-size is ${trainSize}; ${experiment.dataset} has ${train.size} training samples.`);
  }
  return { train: trainSize === undefined ? train : subset(train, trainSize, { seed: 0 }), test };
}

/** What all methods share, and the options in force of this one, its defaults included. */
function recordedSettings({ method, seed }: RunId, size: number, settings: Settings): RunRecord['settings'] {
  const { epochs, budgetSeconds, batchSize, learningRate, optimizer, labelNoise } = settings;
  const shared = {
    epochs,
    budgetSeconds,
    batchSize,
    learningRate,
    optimizer,
    score: scoreOf(method, settings),
    labelNoise,
  };
  const own = createStrategy(method, { ...settings, size, seed }).settings();
  return JSON.parse(JSON.stringify({ ...shared, ...own })) as RunRecord['settings'];
}

function datasetName({ dataset }: Experiment, { labelNoise = 0 }: Settings): string {
  return labelNoise > 0 ? `${dataset} with ${+(100 * labelNoise).toFixed(2)} % of the training labels wrong` : dataset;
}
