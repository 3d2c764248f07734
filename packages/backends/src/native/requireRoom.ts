import { statfs } from 'node:fs/promises';

/**
 * Throws unless the disk of a folder has room: programs that fill it fail in ways that do not say so.
 *
 * @param bytes that will be written
 */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const left = bavail * bsize;
  if (left >= bytes) return;
  throw new Error(
    `the disk of ${folder} has ${inMegabytes(left)} left, and ${inMegabytes(bytes)} are needed; make room, or choose another folder with the environment variable GRADIS_CACHE.`,
  );
}

/** In words, rounded to whole megabytes. */
export function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}
