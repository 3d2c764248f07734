import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Contestant, Entry } from './Contestant.js';
import { pythonScript } from './pythonScript.js';
import { PERIOD, scoreOf } from './scoreOf.js';

/** A Python process that answers requests; it ends with this program. */
export class Python {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>) {
    this.#child = child;
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  /** Starts the executable; undefined if it cannot be started or does not run the script. */
  static async start(executable: string): Promise<{ python: Python; libraries: string[] } | undefined> {
    const child = spawn(executable, ['-c', pythonScript], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.on('error', () => undefined);
    child.stdin.on('error', () => undefined);
    const python = new Python(child);
    try {
      return { python, libraries: await python.ask<string[]>({ kind: 'available' }) };
    } catch {
      return undefined;
    }
  }

  /** @throws Error if the process has ended, as on an import that fails or too little memory. */
  async ask<T>(request: object): Promise<T> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('The Python process has ended before it answered.');
    return JSON.parse(value) as T;
  }

  end(): void {
    this.#child.stdin.end();
  }
}

/** The libraries that this Python has, one process for each, as entries of the comparison. */
export function pythonEntries(executable: string, libraries: readonly string[]): Entry[] {
  const has = (name: string) => libraries.some((library) => library.startsWith(name));
  const entries: Entry[] = [];
  if (has('numpy')) {
    const create = (size: number) => pythonContestant(executable, 'numpy', size);
    entries.push({ name: 'Generator.choice(p=)', origin: 'numpy', bytesWhileMade: 60, create });
  }
  if (has('torch')) {
    const limit = { samples: 2 ** 24, reason: 'multinomial refuses more than 2²⁴ categories' };
    const create = (size: number) => pythonContestant(executable, 'torch', size);
    entries.push({ name: 'multinomial', origin: 'PyTorch', limit, bytesWhileMade: 60, create });
  }
  return entries;
}

async function pythonContestant(executable: string, library: string, size: number): Promise<Contestant> {
  const started = await Python.start(executable);
  if (!started) throw new Error(`${executable} did not start again.`);
  const { python } = started;
  const pattern = Array.from({ length: Math.min(size, PERIOD) }, (_, index) => scoreOf(index));
  const bytes = await python.ask<number>({ kind: 'create', library, size, pattern });
  return {
    sample: (count) => python.ask<number[]>({ kind: 'sample', count }),
    time: (work, batchSize, batches) => python.ask<number>({ kind: 'time', work, batchSize, batches }),
    bytes,
    end: () => python.end(),
  };
}
