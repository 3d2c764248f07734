import { fileURLToPath } from 'node:url';
import { BACKENDS, type BackendName } from '@gradis/backends';
import type { MethodName } from '@gradis/training';
import { Command } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { onDevice } from './backendCost/BenchMethod.js';
import { backendTables } from './backendCost/backendTables.js';
import { benchModels, MODEL_NAMES, type ModelName } from './backendCost/benchModels.js';
import { figuresOf } from './backendCost/figuresOf.js';
import { measureBackends } from './backendCost/measureBackends.js';
import { rivalAmong, startTrainers } from './backendCost/startTrainers.js';
import { renderMarkdown, renderText } from './backendCost/TextTable.js';
import { threadsInForce } from './backendCost/threadsInForce.js';
import { INTERRUPTED, interruption } from './commands/interruption.js';
import { integerFrom, integerList, methodList, namesOf, numberIn } from './commands/parsers.js';
import { writableFile } from './files/writableFile.js';

/** What a training step costs on each backend, with each method, beside PyTorch. */
interface Flags {
  models: ModelName[];
  batchSizes?: number[];
  backends?: BackendName[];
  methods: MethodName[];
  onDevice: boolean;
  threads: number;
  rounds: number;
  steps: number;
  timeLimit: number;
  python: string;
  json?: string;
  markdown: boolean;
}

/** A turn ends after so many milliseconds, and after so many in all there are no more of them. */
const TURN_MILLISECONDS = 1000;
const CAP_MILLISECONDS = 10_000;

const defaultMethods: MethodName[] = ['memory-is', 'memory-as', 'calibrated', 'auto', 'low'];
const defaultBatchSizes = MODEL_NAMES.map((model) => `${model} ${benchModels[model].batchSizes.join(',')}`).join('; ');

const flags = new Command('bench:backends')
  .description('Times training steps on each backend, with each method, in turns, beside PyTorch.')
  .option('--models <list>', `models, from ${MODEL_NAMES.join(', ')}`, namesOf(MODEL_NAMES), [...MODEL_NAMES])
  .option('--batch-sizes <list>', `samples in a batch (default: ${defaultBatchSizes})`, integerList)
  .option(
    '--backends <list>',
    `backends, from ${BACKENDS.join(', ')} (default: all that run here on a real device)`,
    namesOf(BACKENDS),
  )
  .option('--methods <list>', 'methods beside uniform sampling, or all', methodList, defaultMethods)
  .option('--on-device', 'measure methods with data, scores and draws on the device, too', false)
  .option('--threads <count>', 'threads of native TensorFlow and of PyTorch', integerFrom(1), 1)
  .option('--rounds <count>', 'turns of each method', integerFrom(1), 9)
  .option('--steps <count>', 'most steps in a turn, which ends after one second', integerFrom(1), 20)
  .option('--time-limit <seconds>', 'a model is left out where its first step takes longer', numberIn(0, 3600), 10)
  .option('--python <executable>', 'Python whose PyTorch takes part, if it has it', 'python3')
  .option('--json <file>', 'write the figures to a file, too', writableFile)
  .option('--markdown', 'print tables in Markdown', false)
  .addHelpText('after', '\nCtrl-C ends it at any time, and prints what has been measured until then.')
  .parse()
  .opts<Flags>();
const { backends, python, json, markdown, ...settings } = flags;
const { threads, rounds, steps, timeLimit } = settings;
const beside = flags.methods.filter((method) => method !== 'uniform');
const methods = [...beside, ...(flags.onDevice ? onDevice(['uniform', ...beside]) : [])];
const progress = (text: string) => void process.stderr.write(`${text}\n`);

const worker = fileURLToPath(new URL('backendCost/backendWorker.js', import.meta.url));
const { trainers, passedOver } = await startTrainers({ backends, threads, python, worker });
for (const { kind, started } of trainers) progress(`${kind.name}: ${started.device}`);
for (const { name, reason } of passedOver) progress(`${name} does not take part: ${reason}`);
if (!trainers.some(({ kind }) => kind.hasMethods)) {
  progress('None of the backends runs here, so there is nothing to measure.');
  process.exit(1);
}

const stop = interruption(() => progress('Stopping.'));
const plan = {
  workloads: flags.models.map((model) => ({ model, batchSizes: flags.batchSizes ?? benchModels[model].batchSizes })),
  methods,
  effort: {
    rounds,
    turn: { steps, milliseconds: TURN_MILLISECONDS },
    capMilliseconds: CAP_MILLISECONDS,
    limitSeconds: timeLimit,
  },
};
const measurements = await measureBackends(trainers, plan, progress, stop.signal);
const figures = figuresOf(measurements, rivalAmong(trainers.map(({ kind }) => kind.name)));
stop.dispose();

const render = markdown ? renderMarkdown : renderText;
for (const table of backendTables(figures, methods)) process.stdout.write(`\n${render(table)}`);
process.stdout.write(
  '\nA step is all there is to it: choosing and gathering samples, forward, backward, Adam, scores, reading losses and\n' +
    `scores back, what the method learns. Each trains in a process of its own${threadsInForce(trainers)}; ${rounds}\n` +
    `turns of ${steps} steps or one second, fewer of slow ones.\n`,
);
if (json) {
  const participants = trainers.map(({ kind, started }) => ({
    name: kind.name,
    device: started.device,
    isSoftware: started.isSoftware,
    threads: started.threads,
    environment: started.environment,
  }));
  const report = { settings: { ...settings, methods }, participants, passedOver, figures };
  await writeFileAtomic(json, `${JSON.stringify(report, null, 2)}\n`);
}
process.exitCode = stop.signal.aborted ? INTERRUPTED : 0;
