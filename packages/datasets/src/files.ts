import type * as FileSystem from 'node:fs/promises';

/** A path (where there is a file system) or the bytes of a file. */
export type FileSource = string | Uint8Array | ArrayBuffer;

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
export async function readBytes(source: FileSource): Promise<Uint8Array> {
  if (typeof source !== 'string') return source instanceof Uint8Array ? source : new Uint8Array(source);
  const { readFile } = fileSystem(source);
  return readFile(source).catch((cause: Error) => {
    throw new Error(`Cannot read "${source}": ${cause.message}. Check the path.`, { cause });
  });
}

/** Names of the entries of a folder. */
export async function listFolder(path: string): Promise<string[]> {
  const { readdir } = fileSystem(path);
  return readdir(path).catch((cause: Error) => {
    throw new Error(`Cannot list the folder "${path}": ${cause.message}. Check the path.`, { cause });
  });
}
