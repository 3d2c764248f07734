import { spawn } from 'node:child_process';

/** How a program is started. */
export interface ToolOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/** What a program printed. */
export interface ToolOutput {
  stdout: string;
  stderr: string;
}

/** A program that could not be started, failed, or crashed. */
export class ToolError extends Error {
  override readonly name = 'ToolError';

  constructor(
    readonly file: string,
    /** `ENOENT` and the like if it did not start, else its exit status, else the signal that ended it. */
    readonly code: string | number,
    readonly output: ToolOutput = { stdout: '', stderr: '' },
  ) {
    super(`${file} ended with ${code}`);
  }
}

/** Milliseconds that a program may take to end by itself after an abort. */
const GRACE = 2000;

/**
 * Runs a program without a shell and without a word on the terminal. When `signal` is aborted, it and all that it
 * started end first, and then the signal's reason is thrown: nothing writes any more when this returns.
 *
 * @throws ToolError, or the signal's reason
 */
export async function runTool(
  file: string,
  args: readonly string[],
  { cwd, env, signal }: ToolOptions = {},
): Promise<ToolOutput> {
  signal?.throwIfAborted();
  // A group of its own, so that a compiler or installer takes the programs that it started along.
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const output: ToolOutput = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const kill = (how: NodeJS.Signals) => {
    try {
      if (process.platform === 'win32') child.kill(how);
      else if (child.pid) process.kill(-child.pid, how);
    } catch {
      // It has ended already.
    }
  };
  let patience: NodeJS.Timeout | undefined;
  const stop = () => {
    kill('SIGTERM');
    patience = setTimeout(kill, GRACE, 'SIGKILL');
  };
  signal?.addEventListener('abort', stop);
  try {
    const code = await new Promise<string | number>((resolve, reject) => {
      child.on('error', (error: NodeJS.ErrnoException) => reject(new ToolError(file, error.code ?? error.message)));
      child.on('close', (status, killedBy) => resolve(status ?? killedBy ?? 'an unknown status'));
    });
    signal?.throwIfAborted();
    if (code !== 0) throw new ToolError(file, code, output);
    return output;
  } finally {
    clearTimeout(patience);
    signal?.removeEventListener('abort', stop);
  }
}

/** The last lines of a program's messages that are not empty. */
export function lastLines(text: string, count: number): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .slice(-count)
    .join('\n');
}
