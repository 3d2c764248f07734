import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { arch, cpus, platform } from 'node:os';
import { dirname } from 'node:path';
import type { RunEnvironment } from '@gradis/metrics';
import * as tf from '@tensorflow/tfjs';

const require = createRequire(import.meta.url);
const versionOf = (name: string): string => (require(name) as { version: string }).version;

/** Version of this app. */
export function appVersion(): string {
  return versionOf('gradis/package.json');
}

/** Where this run is made, without anything that names the machine or its user. */
export function describeEnvironment(kernels: string): RunEnvironment {
  const processors = cpus();
  return {
    gradis: appVersion(),
    commit: sourceCommit(),
    packages: {
      '@tensorflow/tfjs': versionOf('@tensorflow/tfjs/package.json'),
      '@tensorflow/tfjs-backend-wasm': versionOf('@tensorflow/tfjs-backend-wasm/package.json'),
    },
    node: process.version,
    platform: `${platform()} ${arch()}`,
    backend: `${tf.getBackend()}, ${kernels} kernels of gradis`,
    cpu: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}`,
  };
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
