// What is said here goes to stderr, so that what the program prints can be piped.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './execute.mjs';
import { packageManager, pnpm } from './pnpm.mjs';
import { workspaceFolders } from './workspaceFolders.mjs';

/** Installs what the lockfile says, unless the last installation was of exactly that. Resolves to an exit code. */
export async function install() {
  const stamp = join(root, 'node_modules', '.gradis-install');
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 0;
  console.error(`Installing the dependencies with ${packageManager} …`);
  const code = await pnpm(['install', '--frozen-lockfile'], { stdio: ['inherit', process.stderr.fd, 'inherit'] });
  if (code === 0) writeFileSync(stamp, wanted);
  return code;
}

/** Builds every package that changed since its last build. Prints the log only if that fails. Resolves to an exit code. */
export async function build() {
  process.stderr.write('Building the packages … ');
  const start = performance.now();
  const log = [];
  const code = await pnpm(['exec', 'turbo', 'run', 'build', '--output-logs=errors-only'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    onOutput: (chunk) => log.push(chunk),
  });
  console.error(`${code === 0 ? 'done' : 'failed'} after ${((performance.now() - start) / 1000).toFixed(1)} s.`);
  if (code !== 0) process.stderr.write(Buffer.concat(log));
  return code;
}

function fingerprint() {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0]);
  const manifests = workspaceFolders().map((folder) => `${folder}/package.json`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}
