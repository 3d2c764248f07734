// What `npm run bench` and `npm test` do on a machine that has only Node and npm: install, build, run.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute, root } from './execute.mjs';
import { build, install } from './prepare.mjs';
import { backends, tasks } from './tasks.mjs';

const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const oldest = engines.node.replace('>=', '');
const { node } = process.versions;
if (node.localeCompare(oldest, 'en', { numeric: true }) < 0) {
  stop(`gradis needs Node ${oldest} or newer, and this is Node ${node}. Get a newer one from https://nodejs.org.`);
}

const [task, ...args] = process.argv.slice(2);
const steps = tasks[task] ?? stop(`Usage: node tooling/setup/run.mjs <${Object.keys(tasks).join('|')}> [options]`);

console.error(`Node ${node}`);
if (backends[task]) process.env.GRADIS_TEST_BACKENDS = backends[task];
process.exitCode = (await install()) || (await build()) || (await runAll(steps));

async function runAll(steps) {
  for (const [i, step] of steps.entries()) {
    const isLast = i === steps.length - 1;
    const code =
      typeof step === 'function' ? await step() : await execute(process.execPath, isLast ? [...step, ...args] : step);
    if (code) return code;
  }
  return 0;
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
