import { Command, Option } from 'commander';
import { experiments } from '../experiments/index.js';
import { OPTIMIZERS, type Settings } from '../run/Settings.js';
import { backendOptions } from './backendOptions.js';
import { integerFrom, methodList, numberIn } from './parsers.js';

/** Said after an error in the flags. */
export const HELP_HINT = '(--help tells more)';

const above0 = numberIn(0, Number.POSITIVE_INFINITY, { exclusive: true });

const groups: Record<string, Option[]> = {
  'What to compare:': [
    new Option('--preset <name>', 'where all settings start (default: quick)').choices(['quick', 'paper']),
    new Option('--methods <names>', 'methods, separated by commas, or all').argParser(methodList),
    new Option('--seeds <count>', 'runs of each method, with the seeds 1, 2, … (default: of the preset)').argParser(
      integerFrom(1),
    ),
  ],
  'Training:': [
    new Option('--epochs <count>', 'epochs of each run (default: of the preset)').argParser(integerFrom(1)),
    new Option('--budget <seconds>', 'training time of each run; alone, it takes the place of --epochs').argParser(
      above0,
    ),
    new Option('--batch-size <size>', 'samples in a batch (default: of the preset)').argParser(integerFrom(1)),
    new Option('--lr <rate>', 'learning rate (default: of the preset)').argParser(above0),
    new Option('--optimizer <name>', 'momentum is 0.9 (default: of the preset)').choices(OPTIMIZERS),
    new Option('--train-size <count>', 'training samples to use, chosen at random (default: of the preset)').argParser(
      integerFrom(1),
    ),
    new Option('--label-noise <share>', 'share of the training labels that are made wrong (default: 0)').argParser(
      numberIn(0, 1),
    ),
    new Option('--score <name>', 'importance score (default: output-gradient)').choices([
      'output-gradient',
      'loss',
      'last-layer',
    ]),
  ],
  'Backend:': backendOptions(),
  'Memory sampling:': [
    new Option('--uniform-mix <share>', 'share λ of uniform draws (default: 0.1, calibrated 0.2)').argParser(
      numberIn(0, 1),
    ),
    new Option('--momentum <share>', 'share α of the old score that is kept (default: 0.1, calibrated 0.8)').argParser(
      numberIn(0, 0.999),
    ),
    new Option(
      '--epsilon <share>',
      'added to every score once an epoch, relative to their mean (default: 0.001)',
    ).argParser(numberIn(0, 1e6)),
    new Option('--drawing <how>', 'independent draws or systematic ones (default: of the method)').choices([
      'with-replacement',
      'systematic',
    ]),
  ],
  'Calibrated sampling:': [
    new Option(
      '--weight-exponent <share>',
      'from 1, importance sampling, to 0, adaptive and biased (default: 1)',
    ).argParser(numberIn(0, 1)),
    new Option('--clip-quantile <share>', 'calibrated-robust: scores above it are clipped (default: 0.99)').argParser(
      numberIn(0.5, 1),
    ),
    new Option(
      '--quarantine-quantile <share>',
      'calibrated-robust: 1 less the share of bad labels that you expect (default: 0.9)',
    ).argParser(numberIn(0.5, 1)),
    new Option('--patience <visits>', 'calibrated-robust: visits above it in a row (default: 5)').argParser(
      integerFrom(1),
    ),
    new Option(
      '--quarantine <how>',
      'calibrated-robust: draw such samples no more than others, or ignore them (biased)',
    ).choices(['calm', 'ignore']),
  ],
  'Resampling (dlis):': [
    new Option('--presample-factor <factor>', 'scored samples for each trained one (default: 5)').argParser(
      numberIn(1, 1000),
    ),
    new Option(
      '--threshold <tau>',
      'τ above which batches are resampled (default: where the paper expects a gain)',
    ).argParser(numberIn(0, 1e6)),
  ],
  'LOW weights (low):': [
    new Option('--lambda <value>', 'smoothness λ (default: 0.1)').argParser(above0),
    new Option('--loss-scaling <kind>', 'which loss the scores belong to (default: sum)').choices(['sum', 'mean']),
  ],
  'Output:': [
    new Option('--out <folder>', 'folder of the results (default: a new one in results/)'),
    new Option('--resume', 'continue the comparison in --out, or the latest one; methods or seeds may be added'),
    new Option('--json', 'print the runs as JSON in place of the summary'),
  ],
};

/** What the presets of each experiment set, a line each. */
function presetLines(): string {
  const describe = ({ methods, seeds, epochs, batchSize, optimizer, learningRate, trainSize }: Settings) =>
    `${epochs} epochs of ${trainSize ?? 'all'} samples, ${seeds} seeds, batch ${batchSize}, ${optimizer} at ${learningRate}, ${methods.join(' ')}`;
  const lines = Object.values(experiments).flatMap(({ name, presets }) =>
    Object.entries(presets).map(([preset, settings]) => `  ${`${name} ${preset}`.padEnd(17)} ${describe(settings)}`),
  );
  return ['', 'Presets:', ...lines].join('\n');
}

const EXAMPLES = `
Examples:
  gradis bench mnist                                      seven methods, two seeds, some minutes
  gradis bench mnist --methods uniform,memory-is --seeds 5 --epochs 15
  gradis bench cifar10-cnn --label-noise 0.2              every fifth training label wrong
  gradis bench mnist --budget 60                          the same training time for each run
  gradis bench mnist --backend node                       on native TensorFlow (gradis native install)
  gradis bench mnist --resume                             after Ctrl-C: go on where it stopped
  gradis report results/mnist-2026-01-31-154500           the report again

Progress goes to stderr, results to stdout. The folder keeps every finished run as JSON Lines.
The images of cifar10-cnn, 139 MB, are fetched once and kept; GRADIS_CACHE names the folder for them.`;

/** The command `bench` with all its flags and its help, without an action. */
export function benchCommand(): Command {
  const command = new Command('bench')
    .description('train with every method and seed, compare, and write a report')
    .argument('<experiment>', `one of: ${Object.keys(experiments).join(', ')}`);
  for (const [heading, options] of Object.entries(groups)) {
    for (const option of options) command.addOption(option.helpGroup(heading));
  }
  return command.addHelpText('after', presetLines()).addHelpText('after', EXAMPLES).showHelpAfterError(HELP_HINT);
}
