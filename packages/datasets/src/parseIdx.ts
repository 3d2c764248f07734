const ELEMENTS = {
  8: { type: 'uint8', Values: Uint8Array, read: 'getUint8' },
  9: { type: 'int8', Values: Int8Array, read: 'getInt8' },
  11: { type: 'int16', Values: Int16Array, read: 'getInt16' },
  12: { type: 'int32', Values: Int32Array, read: 'getInt32' },
  13: { type: 'float32', Values: Float32Array, read: 'getFloat32' },
  14: { type: 'float64', Values: Float64Array, read: 'getFloat64' },
} as const;

interface IdxValues {
  uint8: Uint8Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  float32: Float32Array;
  float64: Float64Array;
}

/** Element type of an IDX file. */
export type IdxType = keyof IdxValues;

/** Contents of an IDX file: its element type, its shape, and its values in row-major order. */
export type Idx = { [T in IdxType]: { type: T; shape: number[]; data: IdxValues[T] } }[IdxType];

/** Options of {@link parseIdx} and {@link readIdx}. */
export interface IdxOptions {
  /** What the data is called in errors; the file name by default where there is one. */
  name?: string;
}

/**
 * Parses the IDX format, in which MNIST and its relatives are distributed.
 *
 * A header of two zero bytes, the element type, the number of dimensions and each dimension as a big-endian uint32,
 * then the values, big-endian, in row-major order.
 *
 * @param bytes A whole, uncompressed file. For `uint8` elements the returned `data` is a view of it, not a copy.
 * @returns Element type, shape and values, with the byte order of this machine.
 * @throws Error naming the byte that is wrong if the header is not IDX or the length does not match it.
 *
 * @example
 * ```ts
 * import { parseIdx } from '@gradis/datasets';
 *
 * const { type, shape, data } = parseIdx(new Uint8Array([0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4]));
 * console.log(type, shape, data); // → uint8 [ 3 ] Uint8Array(3) [ 5, 0, 4 ]
 * ```
 */
export function parseIdx(bytes: Uint8Array, { name = 'IDX data' }: IdxOptions = {}): Idx {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const element = parseMagic(bytes, name);
  const dimensions = bytes[3]!;
  const header = 4 + 4 * dimensions;
  if (bytes.length < header) throw tooShort(name, bytes.length, header, 'the header');

  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  const width = element.Values.BYTES_PER_ELEMENT;
  const total = header + count * width;
  if (bytes.length < total) throw tooShort(name, bytes.length, total, `${element.type} [${shape}]`);
  if (bytes.length > total) {
    throw new Error(
      `${name}: ${bytes.length - total} trailing bytes from byte ${total} on, where ${element.type} [${shape}] ends; cut them off or get the file again.`,
    );
  }
  if (element.type === 'uint8') {
    return { type: 'uint8', shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset + header, count) };
  }
  const data = new element.Values(count);
  for (let i = 0; i < count; i++) data[i] = view[element.read](header + i * width);
  return { type: element.type, shape, data } as Idx;
}

function parseMagic(bytes: Uint8Array, name: string): (typeof ELEMENTS)[keyof typeof ELEMENTS] {
  if (bytes.length < 4) throw tooShort(name, bytes.length, 4, 'the header');
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new Error(`${name}: bytes 0 and 1 are those of a gzip file; read it with readIdx, which decompresses.`);
  }
  for (const at of [0, 1]) {
    if (bytes[at] !== 0) {
      throw new Error(
        `${name}: byte ${at} is ${hex(bytes[at]!)}, and an IDX file starts with 0x00 0x00; is this the right file?`,
      );
    }
  }
  if (!(bytes[2]! in ELEMENTS)) {
    throw new Error(
      `${name}: byte 2, the element type, is ${hex(bytes[2]!)}; IDX has 0x08, 0x09, 0x0b, 0x0c, 0x0d and 0x0e. Is this the right file?`,
    );
  }
  if (bytes[3] === 0) throw new Error(`${name}: byte 3, the number of dimensions, is 0; it must be at least 1.`);
  return ELEMENTS[bytes[2] as keyof typeof ELEMENTS];
}

function tooShort(name: string, length: number, needed: number, what: string): Error {
  return new Error(
    `${name}: ends at byte ${length}, but ${what} needs ${needed} bytes; the file is cut short, get it again.`,
  );
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
