import { describe, expect, it } from 'vitest';
import { relaxedSimd, simd } from '../src/kernels.generated.js';
import { loadKernelModule, type WasmMemory } from '../src/loadKernelModule.js';
import { isProduct, type Product, randomNumbers, referenceProduct, TRANSPOSITIONS } from './support.js';

declare const WebAssembly: { Memory: new (descriptor: { initial: number }) => WasmMemory };

const SECTIONS = ['custom', 'type', 'import', 'function', 'table', 'memory', 'global', 'export', 'start'];
const SENTINEL = 777;

/** Names of a module's sections; those after `start` by number. */
function sectionsOf(base64: string): string[] {
  const bytes = Buffer.from(base64, 'base64');
  const sections: string[] = [];
  let position = 8;
  while (position < bytes.length) {
    const id = bytes[position++]!;
    let length = 0;
    for (let shift = 0, byte = 0x80; byte & 0x80; shift += 7) {
      byte = bytes[position++]!;
      length |= (byte & 0x7f) << shift;
    }
    sections.push(SECTIONS[id] ?? String(id));
    position += length;
  }
  return sections;
}

/** A kernel module on a memory of its own; `put` places numbers after the scratch memory, with sentinels between them. */
async function sandbox() {
  const memory = new WebAssembly.Memory({ initial: 100 });
  const { module } = await loadKernelModule(memory, true);
  const floats = new Float32Array(memory.buffer);
  const start = module.gemmScratchBytes() / 4;
  let end = start;
  const clear = () => {
    end = start + 16;
    floats.fill(SENTINEL, start, end);
  };
  clear();
  const put = (values: Float32Array) => {
    floats.set(values, end);
    const address = 4 * end;
    end += values.length + 16;
    floats.fill(SENTINEL, end - 16, end);
    return address;
  };
  return { module, floats, clear, put, used: () => floats.subarray(start, end) };
}

const bytesOf = (floats: Float32Array) => Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength);

describe('the compiled module', () => {
  it.each([
    ['simd', simd],
    ['relaxedSimd', relaxedSimd],
  ])('%s owns nothing of the memory: no data, globals, table, start or memory of its own', (_, base64) => {
    // 10 is the section of the code.
    expect(sectionsOf(base64)).toEqual(['type', 'import', 'function', 'export', '10']);
  });

  it('imports the memory and exports functions only', async () => {
    const { module } = await sandbox();
    expect(Object.values(module).every((value) => typeof value === 'function')).toBe(true);
  });

  it('never writes outside the product, whatever its size', async () => {
    const { module, floats, clear, put, used } = await sandbox();
    for (const m of [1, 3, 4, 5, 129]) {
      for (const n of [1, 7, 8, 9, 513]) {
        for (const k of [0, 1, 5, 257]) {
          for (const [transposeA, transposeB] of TRANSPOSITIONS) {
            const product: Product = { m, n, k, transposeA, transposeB };
            const [a, b] = [randomNumbers(m * k, 1), randomNumbers(k * n, 2)];
            clear();
            const [pa, pb, pc] = [put(a), put(b), put(new Float32Array(m * n))];
            const before = used().slice();
            const [aRow, aColumn] = transposeA ? [1, m] : [k, 1];
            const [bRow, bColumn] = transposeB ? [1, k] : [n, 1];
            module.gemm(pa, aRow, aColumn, pb, bRow, bColumn, pc, n, m, n, k, 0, 0, false, 0);
            const c = floats.subarray(pc / 4, pc / 4 + m * n);
            if (!isProduct(c, referenceProduct(product, a, b)))
              expect.fail(`wrong product: ${JSON.stringify(product)}`);
            c.fill(0);
            if (Buffer.compare(bytesOf(used()), bytesOf(before)) !== 0) {
              expect.fail(`written outside C: ${JSON.stringify(product)}`);
            }
          }
        }
      }
    }
  });

  it('adds to C where it is told to accumulate', async () => {
    const { module, floats, put } = await sandbox();
    const product: Product = { m: 7, n: 11, k: 300, transposeA: false, transposeB: false };
    const [a, b, c] = [randomNumbers(7 * 300, 1), randomNumbers(300 * 11, 2), randomNumbers(77, 3)];
    const expected = referenceProduct(product, a, b);
    expected.sums.forEach((_, i) => {
      expected.sums[i]! += c[i]!;
    });
    const [pa, pb, pc] = [put(a), put(b), put(c)];
    module.gemm(pa, 300, 1, pb, 11, 1, pc, 11, 7, 11, 300, 0, 0, true, 0);
    expect(isProduct(floats.subarray(pc / 4, pc / 4 + 77), expected)).toBe(true);
  });

  it('never writes past the end of sums, extremes, copies and optimiser updates', async () => {
    for (const count of [1, 2, 3, 4, 5, 15, 16, 17, 37]) {
      const { module, floats, put } = await sandbox();
      const inputs = [1, 2, 3, 4].map((seed) => put(randomNumbers(count, seed).map(Math.abs)));
      const outputs = [1, 2, 3].map(() => put(new Float32Array(count)));
      const [w, g, m, v] = inputs as [number, number, number, number];
      const [newW, newM, newV] = outputs as [number, number, number];
      const untouched = () =>
        [...inputs, ...outputs].every(
          (address) => floats[address / 4 + count] === SENTINEL && floats[address / 4 - 1] === SENTINEL,
        );
      module.adam(w, g, m, v, newW, newM, newV, count, 0.9, 0.1, 0.999, 0.001, 0.01, 1, 1e-7, 1);
      module.momentum(w, g, m, newW, newM, count, 0.1, 0.9, true, 1);
      module.maxAxis(w, newW, 1, 1, count);
      module.minAxis(w, newM, count, 1, 1);
      module.extremeGradient(g, w, newW, newV, 1, 1, count);
      const sums = put(new Float32Array(2 * count));
      module.sumAxis(w, newW, 1, 1, count, 1, sums);
      module.sumAxis(w, newV, count, 1, 1, 1, sums);
      const loops = put(new Float32Array(Int32Array.of(1, 0, 0, count, 4, 4).buffer));
      module.copyStrided(loops, 2, w, newM, 4);
      expect(untouched()).toBe(true);
      expect(floats.slice(newM / 4, newM / 4 + count)).toEqual(floats.slice(w / 4, w / 4 + count));
      expect(floats.slice(newV / 4, newV / 4 + count)).toEqual(floats.slice(w / 4, w / 4 + count));
    }
  });
});

describe('the check of products', () => {
  it('refuses a product with one element off by 1e-4 of its terms', () => {
    const product: Product = { m: 5, n: 6, k: 40, transposeA: false, transposeB: false };
    const expected = referenceProduct(product, randomNumbers(200, 1), randomNumbers(240, 2));
    const actual = Float32Array.from(expected.sums);
    expect(isProduct(actual, expected)).toBe(true);
    actual[17]! += 1e-4 * expected.sizes[17]!;
    expect(isProduct(actual, expected)).toBe(false);
  });
});
