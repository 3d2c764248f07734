import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** File that holds the sizes of the others. */
const LIST = '.sizes.json';

/** Writes down how large each file of a folder is, so that a folder which has lost something can be told from a whole one. */
export async function recordSizes(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(entries.map(async (path) => [path, await fileSize(join(folder, path))] as const));
  await writeFile(join(folder, LIST), JSON.stringify(Object.fromEntries(sizes)));
}

/** Whether a folder was written down and has every file in its size. */
export async function hasRecordedSizes(folder: string): Promise<boolean> {
  try {
    const sizes = Object.entries(JSON.parse(await readFile(join(folder, LIST), 'utf8')) as Record<string, number>);
    const found = await Promise.all(sizes.map(([path]) => fileSize(join(folder, path))));
    return sizes.every(([, size], i) => size === found[i]);
  } catch {
    return false;
  }
}

/** Size of a file; undefined where there is none, or a folder. */
async function fileSize(path: string): Promise<number | undefined> {
  const entry = await stat(path).catch(() => undefined);
  return entry?.isFile() ? entry.size : undefined;
}
