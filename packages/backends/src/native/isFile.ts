import { stat } from 'node:fs/promises';

/** Whether there is a file of a name. */
export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
