import { type BackendName, fusedAdam } from '@gradis/backends';
import { TfjsLearner } from '@gradis/tfjs';

import Table from 'cli-table3';
import { Command } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { backendOptions } from './commands/backendOptions.js';
import { integerFrom } from './commands/parsers.js';
import { mnist } from './experiments/mnist.js';
import { writableFile } from './files/writableFile.js';
import { describeEnvironment } from './run/environment.js';
import { startBackend } from './run/startBackend.js';
import { type Contestant, measureSteps } from './stepCost/measureSteps.js';
import { median } from './timing/median.js';
import { pairedRatio } from './timing/pairedRatio.js';

/** What a step of each method costs beside a step of uniform sampling: MNIST, MLP 784-256-256-10, Adam. */
const contestants: Contestant[] = [
  { label: 'uniform', method: 'uniform' },
  { label: 'memory-is', method: 'memory-is' },
  { label: 'memory-as', method: 'memory-as' },
  { label: 'calibrated', method: 'calibrated' },
  { label: 'auto', method: 'auto' },
  { label: 'dlis, not resampling', method: 'dlis', options: { threshold: 1e6 } },
  { label: 'dlis, resampling', method: 'dlis', options: { threshold: 0 } },
  { label: 'low', method: 'low' },
];

const program = new Command('bench:methods')
  .description('Times a training step of each method beside one of uniform sampling, in turns.')
  .option('--batch-size <size>', 'samples in a batch', integerFrom(1), 64)
  .option('--rounds <count>', 'turns of each method', integerFrom(1), 15)
  .option('--steps <count>', 'steps in a turn', integerFrom(1), 50)
  .option('--json <file>', 'write the figures to a file, too', writableFile);
for (const option of backendOptions()) program.addOption(option);
program.parse();
const {
  batchSize,
  rounds,
  steps: stepsPerTurn,
  json,
  backend,
  threads,
} = program.opts<{
  batchSize: number;
  rounds: number;
  steps: number;
  json?: string;
  backend?: BackendName | 'auto';
  threads?: number;
}>();

const environment = describeEnvironment(await startBackend({ backend, threads: threads ?? mnist.threads }));
const { train } = await mnist.loadData();
const makeLearner = () =>
  new TfjsLearner({ model: mnist.createModel(1), optimizer: fusedAdam(3e-4), loss: mnist.loss, train });
process.stderr.write(
  `${environment.backend}: ${contestants.length} methods, ${rounds} turns of ${stepsPerTurn} steps, batch ${batchSize}\n`,
);
const times = await measureSteps(contestants, makeLearner, { batchSize, rounds, stepsPerTurn });

const rows = times.map((own) => ({
  method: own.label,
  medianMilliseconds: median(own.turns.flat()),
  ratioToUniform: pairedRatio(own.turns.map(median), times[0].turns.map(median)).ratio,
}));
const table = new Table({
  head: ['method', 'step, ms (median)', '÷ uniform (paired)'],
  style: { head: [], border: [], compact: true },
});
for (const { method, medianMilliseconds, ratioToUniform } of rows) {
  table.push([method, medianMilliseconds.toFixed(3), ratioToUniform.toFixed(3)]);
}
process.stdout.write(`${table.toString()}\n`);
if (json) await writeFileAtomic(json, `${JSON.stringify({ environment, batchSize, rows }, null, 2)}\n`);
