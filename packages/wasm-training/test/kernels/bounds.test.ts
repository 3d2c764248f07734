import { describe, expect, it } from 'vitest';
import { loadKernelModule, type WasmMemory } from '../../src/loadKernelModule.js';
import { randomNumbers } from '../support.js';

declare const WebAssembly: { Memory: new (descriptor: { initial: number }) => WasmMemory };

const SENTINEL = 777;

/** A kernel module on a memory of its own, where `put` places arrays between sentinels. */
async function sandbox() {
  const memory = new WebAssembly.Memory({ initial: 20 });
  const { module } = await loadKernelModule(memory, true);
  const floats = new Float32Array(memory.buffer as ArrayBuffer).fill(SENTINEL);
  const places: { start: number; length: number }[] = [];
  const put = (count: number, seed?: number) => {
    const start = 16 + places.reduce((end, { length }) => end + 16 + 4 * Math.ceil(length / 4), 0);
    places.push({ start, length: count });
    floats.set(seed === undefined ? new Float32Array(count) : randomNumbers(count, seed), start);
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
  return { module, put, isUnharmed, copies };
}

describe.each([0, 1, 2, 3, 4, 5, 7, 8, 9, 37])('with %d numbers', (count) => {
  it('functions of one number write their result and nothing else', async () => {
    const { module, put, isUnharmed, copies } = await sandbox();
    const [x, y] = [put(count, 1), put(count)];
    const before = copies([x]);
    for (const map of ['mapSin', 'mapCos', 'mapExp', 'mapTanh', 'mapErf', 'mapGelu', 'mapTanhGelu'] as const) {
      module[map](x, y, count);
      expect(copies([y])[0]!.includes(0)).toBe(false);
    }
    expect(isUnharmed()).toBe(true);
    expect(copies([x])).toEqual(before);
  });

  it('gradients of functions write their result and nothing else', async () => {
    const { module, put, isUnharmed, copies } = await sandbox();
    const [dy, x, dx] = [put(count, 1), put(count, 2), put(count)];
    const before = copies([dy, x]);
    for (const name of Object.keys(module).filter((key) => key.startsWith('gradientOf'))) {
      module[name as 'gradientOfSin'](dy, x, dx, count);
    }
    expect(isUnharmed()).toBe(true);
    expect(copies([dy, x])).toEqual(before);
  });

  it.each([1, 3])('normalisation of %d rows writes its results and nothing else', async (rows) => {
    const { module, put, isUnharmed, copies } = await sandbox();
    const [x, dy, scale, offset] = [put(rows * count, 1), put(rows * count, 2), put(count, 3), put(count, 4)];
    const [y, dx, dscale, doffset] = [put(rows * count), put(rows * count), put(count), put(count)];
    const [ofRows, inverses, means, variances] = [put(rows), put(rows), put(count), put(count)];
    const work = put(8 * count);
    const before = copies([x, dy, scale, offset]);
    module.layerNorm(x, scale, offset, y, ofRows, inverses, rows, count, 1e-3);
    module.layerNormGradient(dy, x, scale, ofRows, inverses, dx, dscale, doffset, work, rows, count);
    module.batchNorm(x, scale, offset, y, means, variances, work, rows, count, 1e-3);
    module.batchNormGradient(dy, x, scale, means, variances, dx, dscale, doffset, work, rows, count, 1e-3);
    expect(isUnharmed()).toBe(true);
    expect(copies([x, dy, scale, offset])).toEqual(before);
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
    expect(isUnharmed()).toBe(true);
    expect(copies([gates, cell, dh, dc])).toEqual(before);
  });
});
