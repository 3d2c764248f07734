import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidArgumentError } from 'commander';

/** Reads the path of a file that is written at the end of a program, which has to fail at its start if it cannot be. */
export function writableFile(path: string): string {
  const folder = dirname(path);
  if (isFolder(path)) throw new InvalidArgumentError('It is a folder; give the name of a file.');
  if (!isFolder(folder)) throw new InvalidArgumentError(`There is no folder ${folder}; make it, or name another.`);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new InvalidArgumentError(`The folder ${folder} does not let this program write; name another.`);
  }
  return path;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
