import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** What `execFile` throws. */
interface Failure extends Error {
  code?: string | number;
  stdout?: string;
  stderr?: string;
}

/**
 * Runs npm without a word on the terminal. When `signal` is aborted, npm ends and the signal's reason is thrown.
 *
 * @throws Error with npm's own reason, or saying that there is no npm
 */
export async function runNpm(args: readonly string[], signal?: AbortSignal): Promise<void> {
  const { file, all, shell } = commandLine([...args, '--json', '--loglevel=error', '--no-update-notifier']);
  try {
    await promisify(execFile)(file, all, { shell, signal, windowsHide: true, maxBuffer: 2 ** 26 });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Error(reasonOf(cause as Failure), { cause });
  }
}

/** npm is a script: this Node runs it where it is found, so that nothing stands between; else the one in the path does. */
function commandLine(args: string[]): { file: string; all: string[]; shell: boolean } {
  const script = npmScript();
  if (script) return { file: process.execPath, all: [script, ...args], shell: false };
  if (process.platform !== 'win32') return { file: 'npm', all: args, shell: false };
  return { file: ['npm', ...args.map((argument) => `"${argument}"`)].join(' '), all: [], shell: true };
}

/** The npm that started this program, or the one that came with this Node. */
function npmScript(): string | undefined {
  const beside = join('node_modules', 'npm', 'bin', 'npm-cli.js');
  const folder = dirname(process.execPath);
  const candidates = [process.env.npm_execpath, join(folder, beside), join(folder, '..', 'lib', beside)];
  return candidates.find((path) => path && basename(path) === 'npm-cli.js' && existsSync(path));
}

function reasonOf({ code, message, stdout, stderr }: Failure): string {
  if (code === 'ENOENT') return 'npm was not found; it comes with Node';
  try {
    const { error } = JSON.parse(stdout ?? '') as { error: { code?: string; summary: string } };
    return `npm says ${[error.code, error.summary].filter(Boolean).join(', ')}`;
  } catch {
    return `npm says ${stderr?.trim().split('\n').at(-1) || message}`;
  }
}
