import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { ArrayDataset, type IdxType } from '../src/index.js';

const CODES: Record<IdxType, { code: number; width: number; write: keyof DataView & `set${string}` }> = {
  uint8: { code: 0x08, width: 1, write: 'setUint8' },
  int8: { code: 0x09, width: 1, write: 'setInt8' },
  int16: { code: 0x0b, width: 2, write: 'setInt16' },
  int32: { code: 0x0c, width: 4, write: 'setInt32' },
  float32: { code: 0x0d, width: 4, write: 'setFloat32' },
  float64: { code: 0x0e, width: 8, write: 'setFloat64' },
};

/** The bytes of an IDX file. */
export function encodeIdx(type: IdxType, shape: readonly number[], values: ArrayLike<number>): Uint8Array {
  const { code, width, write } = CODES[type];
  const header = 4 + 4 * shape.length;
  const bytes = new Uint8Array(header + values.length * width);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, code, shape.length]);
  shape.forEach((dimension, axis) => {
    view.setUint32(4 + 4 * axis, dimension);
  });
  for (let i = 0; i < values.length; i++) {
    (view[write] as (at: number, value: number) => void).call(view, header + i * width, values[i]!);
  }
  return bytes;
}

export function gzip(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes));
}

/** `size` samples of `[2, 3]` bytes 0, 1, 2, … (mod 256) and classes 0, 1, 2, 0, 1, 2, … */
export function countingDataset(size: number): ArrayDataset {
  return new ArrayDataset({
    name: 'counting',
    inputs: { data: Uint8Array.from({ length: 6 * size }, (_, i) => i), shape: [2, 3], scale: 0.5, shift: -1 },
    targets: { data: Int32Array.from({ length: size }, (_, i) => i % 3), shape: [] },
    classNames: ['a', 'b', 'c'],
  });
}

/** The bytes of a PNG of 8 bits a channel, unfiltered: grey (1 channel) or red, green, blue (3). */
export function encodePng(width: number, channels: 1 | 3, pixels: Uint8Array): Uint8Array {
  const stride = width * channels;
  const height = pixels.length / stride;
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8);
  header.setUint8(9, channels === 3 ? 2 : 0);
  const rows = Array.from({ length: height }, (_, y) => [0, ...pixels.subarray(y * stride, (y + 1) * stride)]);
  const file = Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', new Uint8Array(header.buffer)),
    pngChunk('IDAT', deflateSync(Uint8Array.from(rows.flat()))),
    pngChunk('IEND', new Uint8Array(0)),
  ]);
  return new Uint8Array(file);
}

function pngChunk(type: string, content: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(type), content]);
  const chunk = Buffer.alloc(named.length + 8);
  chunk.writeUInt32BE(content.length);
  chunk.set(named, 4);
  chunk.writeUInt32BE(crc32(named), named.length + 4);
  return chunk;
}
