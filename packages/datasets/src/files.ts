import type * as FileSystem from 'node:fs/promises';

/**
 * Node's file system, asked for when it is needed, so that a browser bundle contains no trace of it.
 * @throws Error where there is none, saying that `what` must be passed as bytes instead.
 */
function fileSystem(what: string): typeof FileSystem {
  const modules = globalThis.process?.getBuiltinModule;
  if (!modules) {
    throw new Error(`"${what}" cannot be read: there is no file system here. Fetch it and pass its bytes instead.`);
  }
  return modules('node:fs/promises');
}

/** Bytes of a file. */
export async function readBytes(path: string): Promise<Uint8Array> {
  const { readFile } = fileSystem(path);
  return readFile(path).catch((cause: Error) => {
    throw new Error(`Cannot read "${path}": ${cause.message}. Check the path.`, { cause });
  });
}

/** Names of the entries of a folder. */
export async function listFolder(path: string): Promise<string[]> {
  const { readdir } = fileSystem(path);
  return readdir(path).catch((cause: Error) => {
    throw new Error(`Cannot list the folder "${path}": ${cause.message}. Check the path.`, { cause });
  });
}
