import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** Characters of what the process wrote last on standard error that are kept to say why it has ended. */
const KEPT_OF_ERRORS = 2000;

/** A child process that answers requests, a line of JSON each; it ends when this program ends. */
export class LineProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<unknown>;
  #errors = '';

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
    this.#ended = once(this.#child, 'close').catch((error: Error) => {
      this.#errors = error.message;
    });
    // A process that has ended takes no more requests; `ask` says so.
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-KEPT_OF_ERRORS);
    });
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /**
   * The answer to a request.
   *
   * @throws Error if the process could not be started or has ended: with its exit code and its last words
   */
  async ask<T>(request: object): Promise<T> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (!done) return JSON.parse(value) as T;
    await this.#ended;
    const { exitCode, signalCode } = this.#child;
    const lastWords = lastError(this.#errors);
    // Node gives a process that never ran a negative code.
    if (exitCode !== null && exitCode < 0) throw new Error(`the process could not be started: ${lastWords}`);
    const how = signalCode ?? `exit code ${exitCode}`;
    throw new Error(`the process has ended before it answered (${how})${lastWords && `: ${lastWords}`}`);
  }

  /** Lets the process finish what it does, then end. */
  end(): void {
    this.#child.stdin.end();
  }

  /** Ends the process at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** The last line that speaks of an error, which engines put before a trace, or else the last one. */
function lastError(text: string): string {
  const lines = text.trim().split('\n');
  return (lines.findLast((line) => /error|fatal|abort/i.test(line)) ?? lines.at(-1) ?? '').trim();
}
