import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from './makeFolder.js';

/**
 * Start of the name of a folder in which something is made; then come the id of the process that does it, what it is, and
 * letters that no other has, since one process may do several.
 */
const PARTIAL = '.partial-';

/** Milliseconds after which such a folder without its process is taken for forgotten. */
const FORGOTTEN = 3_600_000;

/** A place, which no other call gets, where this process makes something of a name. */
export function stagingFolder(root: string, name: string): string {
  return join(root, `${PARTIAL}${process.pid}-${name}-${randomBytes(4).toString('hex')}`);
}

/** Makes a staging folder, as a project of npm: without it, npm would look for one in the folders above. */
export async function makeStaging(folder: string): Promise<void> {
  await makeFolder(folder, 'choose another one with the environment variable GRADIS_CACHE.');
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
}

/** Removes a staging folder and all that is in it. */
export async function removeStaging(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Removes the staging folders of processes that were killed before they could do so.
 *
 * @param age milliseconds that a folder must have: a process that is not seen may run where the cache is shared
 */
export async function removeForgotten(root: string, age = FORGOTTEN): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    if (!name.startsWith(PARTIAL) || isRunning(Number.parseInt(name.slice(PARTIAL.length), 10))) continue;
    const folder = join(root, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs >= age) await removeStaging(folder);
  }
}

/**
 * Puts a staging folder where an older installation may be. Either the old one or the new one is there afterwards, or that
 * of another process that was faster.
 */
export async function moveIntoPlace(staging: string, folder: string): Promise<void> {
  const old = `${staging}-old`;
  const isReplaced = await moved(folder, old);
  try {
    await rename(staging, folder);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      if (isReplaced) await rename(old, folder);
      throw error;
    }
  }
  await removeStaging(old);
}

async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
