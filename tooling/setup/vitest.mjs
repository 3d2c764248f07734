// Runs the tests like `vitest run`, and ends with the line `N passed, N failed, N skipped` whatever happens.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { execute } from './execute.mjs';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const args = process.argv.slice(2);
const config = args.includes('--config') ? [] : ['--config', 'tooling/vitest.config.ts'];

// What the reporter closingLine.ts sends; a run that dies before it reports counts as one failure.
let count = { passed: 0, failed: 1, skipped: 0 };
const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
const code = await execute(process.execPath, [vitest, 'run', ...config, ...args], {
  stdio,
  onMessage: (message) => (count = message),
});

console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
const nothingRan = count.passed + count.failed === 0;
process.exitCode = code || Number(count.failed > 0 || nothingRan);
