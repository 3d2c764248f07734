import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { arch, cpus, platform } from 'node:os';
import { dirname } from 'node:path';
import type { BackendChoice } from '@gradis/backends';
import type { RunEnvironment } from '@gradis/metrics';

const require = createRequire(import.meta.url);
const versionOf = (name: string): string => (require(name) as { version: string }).version;

/** Version of this app. */
export function appVersion(): string {
  return versionOf('gradis/package.json');
}

/** This machine and this app, without anything that names the machine or its user. */
export function describeMachine(): Pick<RunEnvironment, 'gradis' | 'node' | 'platform' | 'cpu'> {
  const processors = cpus();
  return {
    gradis: appVersion(),
    node: process.version,
    platform: `${platform()} ${arch()}`,
    cpu: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}`,
  };
}

/** Where a run is made. */
export function describeEnvironment({ backend, device, versions }: BackendChoice): RunEnvironment {
  return { ...describeMachine(), commit: sourceCommit(), packages: versions, backend: `${backend}, ${device}` };
}

/** Commit of the repository that this app is part of; undefined where it is installed as a package. */
function sourceCommit(): string | undefined {
  const folder = dirname(require.resolve('gradis/package.json'));
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('ls-files', 'package.json') === '' ? undefined : git('rev-parse', 'HEAD');
  } catch {
    return undefined;
  }
}
