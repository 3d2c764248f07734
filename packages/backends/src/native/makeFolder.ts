import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it. Node's own recursive mkdir does not come back where a parent refuses.
 *
 * @param remedy what to do where that cannot be: the end of the error's sentence
 */
export async function makeFolder(path: string, remedy: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    const parent = dirname(resolve(path));
    const parentIsMissing = code === 'ENOENT' && !(await stat(parent).catch(() => undefined));
    if (!parentIsMissing) throw new Error(`cannot make the folder ${path} (${code}); ${remedy}`, { cause: error });
    await makeFolder(parent, remedy);
    await mkdir(path);
  }
}
