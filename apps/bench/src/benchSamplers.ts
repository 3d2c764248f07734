import { cpus } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { integerList } from './commands/parsers.js';
import { writableFile } from './files/writableFile.js';
import { checkDraws } from './samplerCost/checkDraws.js';
import { gradisEntries } from './samplerCost/gradisEntries.js';
import { measureLow } from './samplerCost/lowCost.js';
import { type Effort, type Measurement, measureEntries } from './samplerCost/measureEntries.js';
import { npmEntries } from './samplerCost/npmEntries.js';
import { plainEntries } from './samplerCost/plainEntries.js';
import { pythonEntries, startPython } from './samplerCost/pythonEntries.js';
import { lowTable, samplerTable } from './samplerCost/samplerTables.js';
import { PERIOD } from './samplerCost/scoreOf.js';

/** What draws and updates cost, beside what a user would pick in place of `@gradis/samplers`. */
interface Flags {
  sizes: number[];
  batchSizes: number[];
  quick: boolean;
  python: string;
  json?: string;
}

const LOW_SIZE = 256;
const whole: Effort = { rounds: 7, turnMilliseconds: 10, capMilliseconds: 1000 };
const quick: Effort = { rounds: 3, turnMilliseconds: 5, capMilliseconds: 300 };

/** Numbers of samples: the scores repeat after ten thousand. */
function sizes(text: string): number[] {
  const values = integerList(text);
  if (values.every((size) => size <= PERIOD || size % PERIOD === 0)) return values;
  throw new InvalidArgumentError(`Give sizes up to ${PERIOD} or multiples of it, separated by commas.`);
}

const flags = new Command('bench:samplers')
  .description('Times draws and updates of samplers in turns, beside packages, plain code and Python, and LOW weights.')
  .option('--sizes <list>', 'numbers of samples (default: 1e4,1e6,1e8; quick: 1e4,1e6)', sizes)
  .option('--batch-sizes <list>', 'samples in a batch (default: 64,256,1024; quick: 256)', integerList)
  .option('--python <executable>', 'Python whose numpy, torch and cvxopt take part, if it has them', 'python3')
  .option('--quick', 'fewer sizes and turns: half a minute', false)
  .option('--json <file>', 'write the figures to a file, too', writableFile)
  .addHelpText('after', '\nCtrl-C ends it at any time; the file is written at the end, complete or not at all.')
  .parse()
  .opts<Partial<Flags> & Pick<Flags, 'quick' | 'python'>>();
const effort = flags.quick ? quick : whole;
const sampleCounts = flags.sizes ?? (flags.quick ? [1e4, 1e6] : [1e4, 1e6, 1e8]);
const batchSizes = flags.batchSizes ?? (flags.quick ? [256] : [64, 256, 1024]);
const progress = (text: string) => void process.stderr.write(`${text}\n`);

const started = await startPython(flags.python);
progress(
  `${flags.python}: ${started ? started.libraries.join(', ') || 'no numpy, torch or cvxopt' : 'cannot be started'}`,
);
const libraries = started?.libraries ?? [];
const entries = [...gradisEntries, ...plainEntries, ...npmEntries, ...pythonEntries(flags.python, libraries)];
for (const entry of entries) {
  progress(`checks what ${entry.origin} ${entry.name} draws`);
  await checkDraws(entry);
}

const measurements: Measurement[] = [];
for (const size of sampleCounts) {
  const ofSize = await measureEntries(entries, size, batchSizes, effort, progress);
  measurements.push(...ofSize);
  for (const batchSize of batchSizes) {
    process.stdout.write(`\n${size.toLocaleString('en')} samples, batch ${batchSize}\n`);
    process.stdout.write(`${samplerTable(ofSize, batchSize)}\n`);
  }
}

progress(`LOW weights of ${LOW_SIZE} samples`);
const hasCvxopt = libraries.some((library) => library.startsWith('cvxopt'));
const low = await measureLow(LOW_SIZE, effort.rounds, hasCvxopt ? started?.python : undefined);
started?.python.end();
process.stdout.write(`\nLOW weights of ${LOW_SIZE} samples, the same found by all\n${lowTable(low)}\n`);
process.stdout.write(
  '\nMedians over the turns; "÷ ours" is the median ratio, within a turn, to CalibratedSampler or lowWeights. Bytes are\n' +
    'all there is in memory, per sample. Gradis gives indices, probabilities and weights, the others indices alone. A\n' +
    `contestant that has worked ${effort.capMilliseconds} ms on a figure takes no more turns at it.\n`,
);

if (flags.json) {
  const environment = { node: process.version, cpu: cpus()[0]?.model.trim(), python: libraries };
  await writeFileAtomic(flags.json, `${JSON.stringify({ environment, measurements, low }, null, 2)}\n`);
}
