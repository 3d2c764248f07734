// `pnpm bench:wasm`: time of training steps with the kernels of this package, beside the stock ones and PyTorch.
import { cpus } from 'node:os';
import writeFileAtomic from 'write-file-atomic';
import { contenders } from './contenders.mjs';
import { figuresOf } from './figuresOf.mjs';
import { findNode } from './findNode.mjs';
import { measureModel } from './measureModel.mjs';
import { readOptions } from './readOptions.mjs';
import { memoryTable, profileTable, stepTable } from './tables.mjs';

/** Exit code of a program that was interrupted. */
const INTERRUPTED = 130;

const { json, ...options } = readOptions();
const progress = (text) => void process.stderr.write(`${text}\n`);
const node = await findNode(options.node).catch((error) => {
  progress(error.message);
  process.exit(1);
});

const interruption = new AbortController();
process.on('SIGINT', () => {
  if (interruption.signal.aborted) process.exit(INTERRUPTED);
  progress('Stopping.');
  interruption.abort();
});

const figures = [];
for (const model of options.models) {
  if (interruption.signal.aborted) break;
  const measured = await measureModel(model, contenders({ ...options, node }), options, progress, interruption.signal);
  figures.push(figuresOf(model, measured));
}

const all = figures.flatMap(({ model, contenders }) => {
  return Object.entries(contenders).map(([name, contender]) => ({ model, name, ...contender }));
});
const runtimes = new Set(all.flatMap(({ runtime }) => runtime ?? []));
const machine = [cpus()[0]?.model.trim(), ...runtimes].join('; ');
const leftOut = all.filter(({ skipped }) => skipped);
const parts = [
  `\n${machine}\n`,
  stepTable(figures),
  ...leftOut.map(({ model, name, skipped }) => `${model}: ${name} is left out: ${skipped}\n`),
  memoryTable(figures),
  ...figures.filter(({ contenders }) => contenders.ours.profile).map(profileTable),
];
process.stdout.write(parts.join(''));
if (json) await writeFileAtomic(json, `${JSON.stringify({ settings: options, machine, figures }, null, 2)}\n`);

if (leftOut.some(({ name }) => name === 'ours')) {
  progress(
    'Our kernels were not measured everywhere. They need the builds of this package and @gradis/models: pnpm build.',
  );
  process.exitCode = 1;
}
if (interruption.signal.aborted) process.exitCode = INTERRUPTED;
