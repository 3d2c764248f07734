import { readBytes } from './files.js';
import { gunzip, isGzip } from './gunzip.js';
import { type Idx, type IdxOptions, parseIdx } from './parseIdx.js';

/** A path (where there is a file system) or the bytes of a file. */
export type FileSource = string | Uint8Array | ArrayBuffer;

/**
 * Reads an IDX file, gzip-compressed or not: the first two bytes decide, not the name.
 *
 * In a browser, pass bytes: `await readIdx(await (await fetch(url)).arrayBuffer())`.
 *
 * @param source A path, or the bytes of the file.
 * @returns Element type, shape and values.
 * @throws Error naming the file, the byte and the remedy if it cannot be read, decompressed or parsed.
 *
 * @example
 * ```ts
 * import { readIdx } from '@gradis/datasets';
 *
 * const { shape, data } = await readIdx(new Uint8Array([0, 0, 9, 2, 0, 0, 0, 1, 0, 0, 0, 2, 255, 1]));
 * console.log(shape, data); // → [ 1, 2 ] Int8Array(2) [ -1, 1 ]
 * ```
 */
export async function readIdx(source: FileSource, { name }: IdxOptions = {}): Promise<Idx> {
  const label = name ?? (typeof source === 'string' ? source : 'IDX data');
  const bytes = await bytesOf(source);
  return parseIdx(isGzip(bytes) ? await gunzip(bytes, label) : bytes, { name: label });
}

async function bytesOf(source: FileSource): Promise<Uint8Array> {
  if (typeof source === 'string') return readBytes(source);
  return source instanceof Uint8Array ? source : new Uint8Array(source);
}
