import { type FileSource, readBytes } from './files.js';
import { gunzip, isGzip } from './gunzip.js';
import { type Idx, type IdxOptions, parseIdx } from './parseIdx.js';

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
  const bytes = await readBytes(source);
  return parseIdx(isGzip(bytes) ? await gunzip(bytes, label) : bytes, { name: label });
}
