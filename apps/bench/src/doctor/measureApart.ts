import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { BackendName } from '@gradis/backends';
import type { BackendRequest } from '../run/startBackend.js';
import type { BackendHealth } from './Health.js';

/** Milliseconds after which a backend that does not come to an end is given up. */
const PATIENCE = 120_000;

/**
 * Measures a backend in a process of its own, by `gradis doctor --only <backend> --json`: what crashes or hangs there
 * harms nobody else.
 */
export async function measureApart(
  program: string,
  backend: BackendName,
  { threads }: BackendRequest,
): Promise<BackendHealth> {
  const args = [program, 'doctor', '--only', backend, '--json', ...(threads ? ['--threads', String(threads)] : [])];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: PATIENCE });
    // What NODE_OPTIONS preloads may print before.
    return JSON.parse(stdout.slice(stdout.search(/^\{$/m))) as BackendHealth;
  } catch (error) {
    return { backend, runs: false, reason: `it starts and fails: ${endOf(error as FailedProgram)}.` };
  }
}

/** What `execFile` throws, or `JSON.parse`. */
interface FailedProgram {
  code?: string | number;
  stderr?: string;
  signal?: string;
  killed?: boolean;
  message: string;
}

/** What a failed program said last, or how it ended. */
function endOf({ code, stderr, signal, killed, message }: FailedProgram): string {
  if (killed) return `no result within ${PATIENCE / 1000} s`;
  if (signal) return `the process was ended by ${signal}`;
  const lastWords = stderr?.trim().split('\n').at(-1);
  return (lastWords || (typeof code === 'number' ? `exit code ${code}` : message)).replace(/\.$/, '');
}
