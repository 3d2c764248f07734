// Runs the tests like `vitest run`, and ends with the line `N passed, N failed, N skipped` whatever happens.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execute } from './execute.mjs';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const given = process.argv.slice(2);
const isGiven = (option) => given.some((argument) => argument === option || argument.startsWith(`${option}=`));
const args = [
  ...(isGiven('--config') ? [] : ['--config=tooling/vitest.config.ts']),
  ...(isGiven('--reporter') ? [] : ['--reporter=default']),
  `--reporter=${fileURLToPath(new URL('closingLine.ts', import.meta.url))}`,
  ...given,
];

// What the reporter closingLine.ts sends; a run that dies before it reports counts as one failure.
let count = { passed: 0, failed: 1, skipped: 0, projects: [] };
const code = await execute(process.execPath, [vitest, 'run', ...args], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  onMessage: (message) => {
    count = message;
  },
});

for (const line of count.projects) console.log(line);
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
const nothingRan = count.passed + count.failed === 0;
process.exitCode = code || Number(count.failed > 0 || nothingRan);
