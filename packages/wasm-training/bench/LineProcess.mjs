import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Characters of what the process wrote last on standard error that are kept to say why it has ended. */
const KEPT_OF_ERRORS = 2000;

/** A child process that answers requests, a line of JSON each. */
export class LineProcess {
  #child;
  #lines;
  #ended;
  #errors = '';

  /**
   * @param {string} command
   * @param {readonly string[]} args
   */
  constructor(command, args) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#ended = once(this.#child, 'close').catch((error) => {
      this.#errors = error.message;
    });
    // A process that has ended takes no more requests; `ask` says so.
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-KEPT_OF_ERRORS);
    });
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /**
   * @param {{ kind: string }} request
   * @returns what the process answers
   * @throws Error with what the process says is wrong, or its last words if it could not be started or has ended
   */
  async ask(request) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value: line, done } = await this.#lines.next();
    if (done) throw new Error(await this.#lastWords());
    const { value, error } = JSON.parse(line);
    if (error) throw new Error(error);
    return value;
  }

  /** Ends the process at once. */
  kill() {
    this.#child.kill('SIGKILL');
  }

  async #lastWords() {
    await this.#ended;
    const { exitCode, signalCode } = this.#child;
    const lines = this.#errors.trim().split('\n');
    // Engines put the error before a trace.
    const words = (lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)).trim();
    // Node gives a process that never ran a negative code.
    if (exitCode !== null && exitCode < 0) return `it could not be started: ${words}`;
    return `its process has ended (${signalCode ?? `exit code ${exitCode}`})${words && `: ${words}`}`;
  }
}
