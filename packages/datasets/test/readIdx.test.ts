import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type IdxType, parseIdx, readIdx } from '../src/index.js';
import { encodeIdx, gzip } from './fixtures.js';

const ELEMENTS: Record<IdxType, fc.Arbitrary<number>> = {
  uint8: fc.integer({ min: 0, max: 255 }),
  int8: fc.integer({ min: -128, max: 127 }),
  int16: fc.integer({ min: -32768, max: 32767 }),
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  float32: fc.float({ noNaN: true }),
  float64: fc.double({ noNaN: true }),
};

const anyIdx = fc
  .tuple(
    fc.constantFrom(...(Object.keys(ELEMENTS) as IdxType[])),
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
  )
  .chain(([type, shape]) => {
    const count = shape.reduce((a, b) => a * b, 1);
    return fc.record({
      type: fc.constant(type),
      shape: fc.constant(shape),
      values: fc.array(ELEMENTS[type], { minLength: count, maxLength: count }),
    });
  });

describe('parseIdx', () => {
  test('returns what was encoded, for every element type and any shape', () => {
    fc.assert(
      fc.property(anyIdx, ({ type, shape, values }) => {
        const idx = parseIdx(encodeIdx(type, shape, values));
        expect([idx.type, idx.shape, [...idx.data]]).toEqual([type, shape, values]);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test.each<[IdxType, number[]]>([
    ['float64', [Math.PI, -1]],
    ['uint8', [7, 200]],
  ])('reads %s from bytes that begin at an odd offset of their buffer', (type, values) => {
    const bytes = encodeIdx(type, [2], values);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect([...parseIdx(shifted.subarray(3)).data]).toEqual(values);
  });

  test('takes any file cut short or made longer for an error that names it', () => {
    fc.assert(
      fc.property(anyIdx, fc.nat(), ({ type, shape, values }, cut) => {
        const bytes = encodeIdx(type, shape, values);
        const length = cut % bytes.length;
        expect(() => parseIdx(bytes.subarray(0, length), { name: 'a.idx' })).toThrow(`a.idx: ends at byte ${length}`);
        const longer = new Uint8Array(bytes.length + 2);
        longer.set(bytes);
        expect(() => parseIdx(longer, { name: 'a.idx' })).toThrow(
          `a.idx: 2 trailing bytes from byte ${bytes.length} on`,
        );
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  test.each([
    [[1, 0, 8, 1, 0, 0, 0, 0], 'byte 0 is 0x01'],
    [[0, 9, 8, 1, 0, 0, 0, 0], 'byte 1 is 0x09'],
    [[0, 0, 10, 1, 0, 0, 0, 0], 'byte 2, the element type, is 0x0a'],
    [[0, 0, 8, 0, 0, 0, 0, 0], 'byte 3, the number of dimensions, is 0'],
    [[0, 0, 8, 2, 0, 0, 0, 1], 'ends at byte 8, but the header needs 12 bytes'],
    [[0, 0, 8, 1, 0xff, 0xff, 0xff, 0xff, 1], 'uint8 [4294967295] needs 4294967303 bytes'],
    [[0x1f, 0x8b, 8, 0], 'those of a gzip file; read it with readIdx'],
  ])('refuses the header %j', (bytes, message) => {
    expect(() => parseIdx(new Uint8Array(bytes))).toThrow(message);
  });
});

describe('readIdx', () => {
  const bytes = encodeIdx('int16', [2, 2], [1, -2, 3, -4]);
  const expected = { type: 'int16', shape: [2, 2], data: new Int16Array([1, -2, 3, -4]) };
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gradis-idx-'));
    await writeFile(join(folder, 'plain'), bytes);
    await writeFile(join(folder, 'named-plain-but-gz'), gzip(bytes));
    await writeFile(join(folder, 'damaged'), gzip(bytes).fill(0x55, 10, 20));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('reads a file, compressed or not, whatever its name', async () => {
    expect(await readIdx(join(folder, 'plain'))).toEqual(expected);
    expect(await readIdx(join(folder, 'named-plain-but-gz'))).toEqual(expected);
  });

  test('reads bytes and buffers, compressed or not', async () => {
    expect(await readIdx(bytes)).toEqual(expected);
    expect(await readIdx(gzip(bytes))).toEqual(expected);
    expect(await readIdx(gzip(bytes).buffer as ArrayBuffer)).toEqual(expected);
  });

  test('names the file whose gzip data is damaged or cut short', async () => {
    await expect(readIdx(join(folder, 'damaged'))).rejects.toThrow(/damaged: the gzip data is damaged or cut short/);
    const short = gzip(bytes).subarray(0, -9);
    await expect(readIdx(short, { name: 'half' })).rejects.toThrow('half: the gzip data is damaged or cut short');
  });

  test('names the file that does not exist, or whose contents are wrong', async () => {
    await expect(readIdx(join(folder, 'absent'))).rejects.toThrow(/Cannot read ".*absent": ENOENT.*Check the path/);
    await writeFile(join(folder, 'short'), bytes.subarray(0, 17));
    await expect(readIdx(join(folder, 'short'))).rejects.toThrow(
      /short: ends at byte 17, but int16 \[2,2\] needs 20 bytes/,
    );
  });
});
