// What `npm run bench` and `npm test` do on a machine that has only Node and npm: install, build, run.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute, root } from './execute.mjs';
import { build, install } from './prepare.mjs';

const programs = {
  bench: ['apps/bench/dist/cli.js', 'bench', 'mnist'],
  test: ['tooling/setup/vitest.mjs'],
};

const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const oldest = engines.node.replace('>=', '');
const { node } = process.versions;
if (node.localeCompare(oldest, 'en', { numeric: true }) < 0) {
  stop(`gradis needs Node ${oldest} or newer, and this is Node ${node}. Get a newer one from https://nodejs.org.`);
}

const [task, ...args] = process.argv.slice(2);
const program =
  programs[task] ?? stop(`Usage: node tooling/setup/run.mjs <${Object.keys(programs).join('|')}> [options]`);

console.error(`Node ${node}`);
process.exitCode = (await install()) || (await build()) || (await execute(process.execPath, [...program, ...args]));

function stop(message) {
  console.error(message);
  process.exit(1);
}
