import { LineProcess } from '../processes/LineProcess.js';
import type { Contestant, Entry } from './Contestant.js';
import { pythonScript } from './pythonScript.js';
import { PERIOD, scoreOf } from './scoreOf.js';

/** Starts the executable with the libraries that it has; undefined if it cannot be started or does not run the script. */
export async function startPython(
  executable: string,
): Promise<{ python: LineProcess; libraries: string[] } | undefined> {
  const python = new LineProcess(executable, ['-c', pythonScript]);
  try {
    return { python, libraries: await python.ask<string[]>({ kind: 'available' }) };
  } catch {
    return undefined;
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
  const started = await startPython(executable);
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
