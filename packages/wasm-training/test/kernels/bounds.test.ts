import { describe, expect, it } from 'vitest';
import { loadKernelModule, type WasmMemory } from '../../src/loadKernelModule.js';
import { randomNumbers } from '../support.js';

declare const WebAssembly: { Memory: new (descriptor: { initial: number }) => WasmMemory };

const SENTINEL = 777;

/** A kernel module on a memory of its own, where `put` places arrays between sentinels: numbers, random ones of a seed, or zeros. */
async function sandbox() {
  const memory = new WebAssembly.Memory({ initial: 20 });
  const { module } = await loadKernelModule(memory, true);
  const floats = new Float32Array(memory.buffer as ArrayBuffer).fill(SENTINEL);
  const places: { start: number; length: number }[] = [];
  const put = (count: number, numbers: Float32Array | number = new Float32Array(count)) => {
    const start = 16 + places.reduce((end, { length }) => end + 16 + 4 * Math.ceil(length / 4), 0);
    places.push({ start, length: count });
    floats.set(typeof numbers === 'number' ? randomNumbers(count, numbers) : numbers, start);
    return 4 * start;
  };
  /** Whether all but the arrays is as it was. */
  const isUnharmed = () => {
    const outside = floats.slice();
    for (const { start, length } of places) outside.fill(SENTINEL, start, start + length);
    return outside.every((value) => value === SENTINEL);
  };
  /** Copies of arrays, by address. */
  const copies = (addresses: number[]) =>
    addresses.map((address) => {
      const { start, length } = places.find((place) => 4 * place.start === address)!;
      return Array.from(floats.subarray(start, start + length));
    });
  /** Fills an array with zeros. */
  const clear = (address: number) => {
    const { start, length } = places.find((place) => 4 * place.start === address)!;
    floats.fill(0, start, start + length);
  };
  return { module, put, isUnharmed, copies, clear };
}

describe.each([0, 1, 2, 3, 4, 5, 7, 8, 9, 37])('with %d numbers', (count) => {
  it('functions of one number write their result and nothing else', async () => {
    const { module, put, isUnharmed, copies } = await sandbox();
    const [x, y] = [put(count, 1), put(count)];
    const before = copies([x]);
    for (const name of Object.keys(module).filter((key) => key.startsWith('map'))) {
      module[name as 'mapSin'](x, y, count);
      expect(copies([y])[0]!.includes(0)).toBe(false);
    }
    expect(isUnharmed()).toBe(true);
    expect(copies([x])).toEqual(before);
  });

  it('gradients of functions write their result and nothing else', async () => {
    const { module, put, isUnharmed, copies } = await sandbox();
    const [dy, x] = [put(count, 1), put(count, 2)];
    const before = copies([dy, x]);
    for (const name of Object.keys(module).filter((key) => key.startsWith('gradientOf'))) {
      const dx = put(count);
      module[name as 'gradientOfSin'](dy, x, dx, count);
      // A relu passes nothing of few numbers.
      if (count > 4) expect(copies([dx])[0]!.some(Boolean)).toBe(true);
    }
    expect(isUnharmed()).toBe(true);
    expect(copies([dy, x])).toEqual(before);
  });

  it.each([
    [4, 4],
    [0, 4],
    [4, 0],
  ])('functions of two numbers that move by %d and %d bytes write their result and nothing else', async (...steps) => {
    const { module, put, isUnharmed, copies } = await sandbox();
    const [a, b] = [put(count, 1), put(count, 2)];
    const loops = put(3, new Float32Array(Int32Array.of(count, ...steps).buffer));
    const before = copies([a, b, loops]);
    for (const name of Object.keys(module).filter((key) => /^(floats|integers)/.test(key))) {
      const givesNumbers = /Maximum|Minimum|Power/.test(name);
      const bytes = givesNumbers ? 4 * count : count;
      const out = put(Math.ceil(bytes / 4), new Float32Array(new Uint8Array(4 * Math.ceil(bytes / 4)).fill(9).buffer));
      if (count > 0) module[name as 'floatsEqual'](loops, 1, a, b, out);
      const written = new Uint8Array(Float32Array.from(copies([out])[0]!).buffer);
      expect(written.subarray(bytes).every((byte) => byte === 9)).toBe(true);
      if (!givesNumbers) expect(written.subarray(0, bytes).every((byte) => byte <= 1)).toBe(true);
    }
    expect(isUnharmed()).toBe(true);
    expect(copies([a, b, loops])).toEqual(before);
  });

  it('choices write their result and nothing else', async () => {
    const { module, put, isUnharmed, copies } = await sandbox();
    const truths = new Uint8Array(4 * Math.ceil(count / 4)).map((_, i) => Number(i % 3 === 0));
    const [condition, t, e] = [put(truths.length / 4, new Float32Array(truths.buffer)), put(count, 1), put(count, 2)];
    const out = put(count);
    const before = copies([condition, t, e]);
    module.choose(condition, t, e, out, count, 4);
    expect(copies([out])[0]).toEqual(before[2]!.map((number, i) => (i % 3 === 0 ? before[1]![i] : number)));
    expect(isUnharmed()).toBe(true);
    expect(copies([condition, t, e])).toEqual(before);
  });

  it.each([1, 3])('normalisation of %d rows writes its results and nothing else', async (rows) => {
    const { module, put, isUnharmed, copies, clear } = await sandbox();
    const [x, dy, scale, offset] = [put(rows * count, 1), put(rows * count, 2), put(count, 3), put(count, 4)];
    const [y, dx, dscale, doffset] = [put(rows * count), put(rows * count), put(count), put(count)];
    const [ofRows, inverses, means, variances] = [put(rows), put(rows), put(count), put(count)];
    const work = put(8 * count);
    const before = copies([x, dy, scale, offset]);
    module.layerNorm(x, scale, offset, y, ofRows, inverses, rows, count, 1e-3);
    module.layerNormGradient(dy, x, scale, ofRows, inverses, dx, dscale, doffset, work, rows, count);
    const isWritten = () => copies([y, dx, dscale, doffset]).every((values) => values.some(Boolean));
    // The dx of one row or of one column is 0.
    if (rows > 1 && count > 1) expect(isWritten()).toBe(true);
    for (const address of [y, dx, dscale, doffset]) clear(address);
    module.batchNorm(x, scale, offset, y, means, variances, work, rows, count, 1e-3);
    module.batchNormGradient(dy, x, scale, means, variances, dx, dscale, doffset, work, rows, count, 1e-3);
    if (rows > 1 && count > 1) expect(isWritten()).toBe(true);
    expect(isUnharmed()).toBe(true);
    expect(copies([x, dy, scale, offset])).toEqual(before);
  });

  it('pooling of so many channels writes its results and nothing else', async () => {
    const { module, put, isUnharmed, copies } = await sandbox();
    const [height, width, outHeight, outWidth] = [3, 4, 2, 5];
    // Windows of 2 × 3 that are two rows and one column apart and begin one pixel before the image.
    const sizes = [1, height, width, count, 2, 3, outHeight, outWidth, count, 2, 1, 1, 1, 1, 1];
    const sizesAt = put(sizes.length, new Float32Array(Int32Array.from(sizes).buffer));
    const [x, dy] = [put(height * width * count, 1), put(outHeight * outWidth * count, 2)];
    const [y, dx, dLargest] = [
      put(outHeight * outWidth * count),
      put(height * width * count),
      put(height * width * count),
    ];
    const before = copies([sizesAt, x, dy]);
    module.maxPool(sizesAt, x, y);
    module.averagePoolGradient(sizesAt, dy, dx);
    module.maxPoolGradient(sizesAt, x, dy, dLargest);
    expect(copies([y])[0]!.includes(0)).toBe(false);
    expect(isUnharmed()).toBe(true);
    expect(copies([sizesAt, x, dy])).toEqual(before);
  });

  it.each([1, 3])('a step of an LSTM of %d rows writes its results and nothing else', async (rows) => {
    const { module, put, isUnharmed, copies } = await sandbox();
    const units = rows * count;
    const [gates, cell, dh, dc] = [put(4 * units, 1), put(units, 2), put(units, 3), put(units, 4)];
    const [h, newCell, activations, dgates, dcell] = [
      put(units),
      put(units),
      put(4 * units),
      put(4 * units),
      put(units),
    ];
    const before = copies([gates, cell, dh, dc]);
    module.lstmCell(gates, cell, h, newCell, activations, rows, count);
    module.lstmCellGradient(dh, dc, activations, cell, newCell, dgates, dcell, rows, count);
    for (const values of copies([h, newCell, activations, dgates, dcell])) expect(values.includes(0)).toBe(false);
    expect(isUnharmed()).toBe(true);
    expect(copies([gates, cell, dh, dc])).toEqual(before);
  });
});
