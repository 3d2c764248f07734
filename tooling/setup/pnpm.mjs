import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { executeScript, root } from './execute.mjs';

/** Name and version of the package manager, from `packageManager` in package.json. */
export const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Runs pnpm in its pinned version: the installed one if it is that, or else through npx, which takes some seconds more. */
export function pnpm(args, options) {
  const { stdout } = spawnSync('pnpm --version', { encoding: 'utf8', shell: true });
  if (`pnpm@${stdout.trim()}` === packageManager) return executeScript('pnpm', args, options);
  return executeScript('npx', ['--yes', packageManager, ...args], options);
}
