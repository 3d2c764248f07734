import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { afterEach, describe, expect, it } from 'vitest';
import { type InstallOptions, installWasmTraining, type KernelName, kernelTable } from '../src/index.js';
import { openHeap } from '../src/openHeap.js';
import { emscripten } from '../src/WasmHeap.js';
import { allOff, largestError, onBackend, randomNumbers, randomTensor } from './support.js';

/** How many numbers a small piece has. */
const PIECE = 2 ** 18;

const names = Object.keys(kernelTable) as KernelName[];
const registered = (name: string) => tf.getKernel(name, 'wasm')?.kernelFunc;
const wasm = () => tf.findBackend('wasm') as BackendWasm;

afterEach(async () => {
  await installWasmTraining();
});

describe('installWasmTraining', () => {
  // The first test of the file: nothing has started yet.
  it('starts the wasm backend but keeps the current one if asked to', async () => {
    await tf.setBackend('cpu');
    await installWasmTraining({ setBackend: false });
    expect(tf.getBackend()).toBe('cpu');
    expect(wasm()).toBeTruthy();
    await installWasmTraining();
    expect(tf.getBackend()).toBe('wasm');
  });

  it('reports every kernel as replaced, added or skipped', async () => {
    const report = await installWasmTraining({ kernels: { Slice: false, Sum: true } });
    expect([...report.replaced, ...report.added, ...report.skipped].sort()).toEqual([...names].sort());
    expect(report.skipped).toEqual(['Slice']);
    expect(report.added).toEqual(names.filter((name) => kernelTable[name].stock.startsWith('missing')));
    expect(['simd', 'relaxed-simd']).toContain(report.variant);
  });

  it('is idempotent', async () => {
    const first = await installWasmTraining();
    expect(await installWasmTraining()).toEqual(first);
    const [x, y] = await Promise.all([installWasmTraining(), installWasmTraining()]);
    expect(x).toEqual(y);
    expect(tf.matMul(tf.ones([3, 4]), tf.ones([4, 5])).dataSync()[0]).toBe(4);
  });

  it('puts the stock kernels back where they are switched off', async () => {
    await installWasmTraining({ kernels: allOff });
    const stock = names.map(registered);
    await installWasmTraining();
    names.forEach((name, i) => {
      expect(registered(name)).toBeTypeOf('function');
      expect(registered(name)).not.toBe(stock[i]);
    });
    const report = await installWasmTraining({ kernels: allOff });
    expect(report.skipped).toEqual(names);
    expect(names.map(registered)).toEqual(stock);
    expect(registered('AdamStep')).toBeUndefined();
  });

  it('leaves the kernels of other backends alone', async () => {
    const cpu = () => tf.getKernelsForBackend('cpu').map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]);
    await installWasmTraining({ kernels: allOff });
    const before = cpu();
    await installWasmTraining();
    expect(cpu()).toEqual(before);
  });

  it('runs plain SIMD if relaxed SIMD is not wanted', async () => {
    expect((await installWasmTraining({ relaxedSimd: false })).variant).toBe('simd');
    expect(tf.matMul(tf.ones([9, 300]), tf.ones([300, 9])).dataSync()[80]).toBe(300);
  });

  it('refuses the name of a kernel that it does not have', async () => {
    await expect(installWasmTraining({ kernels: { MatMul: false } as Record<string, boolean> })).rejects.toThrow(
      /kernels names 'MatMul'; the kernels are BatchMatMul, /,
    );
  });

  it('refuses the name of an option that it does not have', async () => {
    await expect(installWasmTraining({ relaxedSIMD: false } as InstallOptions)).rejects.toThrow(
      "options names 'relaxedSIMD'; the options are setBackend, kernels, relaxedSimd.",
    );
  });

  it('leaves a kernel out whose gradient is left out', async () => {
    const { skipped } = await installWasmTraining({ kernels: { LayerNormGrad: false } });
    expect([...skipped].sort()).toEqual(['LayerNorm', 'LayerNormGrad']);
  });

  it('keeps the current backend where wasm does not start', async () => {
    const factory = tf.findBackendFactory('wasm');
    tf.removeBackend('wasm');
    await tf.setBackend('cpu');
    tf.registerBackend('wasm', () => Promise.reject(new Error('no wasm here')), 2);
    try {
      await expect(installWasmTraining()).rejects.toThrow('The wasm backend of TensorFlow.js did not start');
      expect(tf.getBackend()).toBe('cpu');
      expect([...tf.add(1, 2).dataSync()]).toEqual([3]);
    } finally {
      tf.removeBackend('wasm');
      tf.registerBackend('wasm', factory, 2);
    }
  });

  it('refuses the threaded backend, whose memory is shared', async () => {
    const threaded = { wasm: { asm: { memory: { buffer: new SharedArrayBuffer(8) } } } } as unknown as BackendWasm;
    await expect(openHeap(threaded, true)).rejects.toThrow(/threaded wasm backend/);
  });
});

describe('the wasm heap', () => {
  it('may grow between two calls', () => {
    const multiply = () => tf.tidy(() => tf.matMul(randomTensor([65, 300], 1), randomTensor([300, 33], 2)).dataSync());
    const before = multiply();
    const size = emscripten(wasm()).HEAPU8.byteLength;
    const large = wasm().makeOutput([size / 4], 'float32');
    expect(emscripten(wasm()).HEAPU8.byteLength).toBeGreaterThan(size);
    expect(largestError(multiply(), before)).toBe(0);
    expect([...tf.slice(tf.range(0, 10), 3, 2).dataSync()]).toEqual([3, 4]);
    wasm().disposeData(large.dataId);
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['GatherV2', (x) => tf.gather(tf.tensor1d([3, 4]), x.reshape([-1]))],
    ['GatherNd', (x) => tf.gatherND(tf.tensor1d([3, 4]), x.reshape([-1, 1]))],
  ])('may grow while indices of another backend come to %s', async (_, gather) => {
    const size = emscripten(wasm()).HEAPU8.byteLength;
    await tf.setBackend('cpu');
    const indices = tf.zeros([size / 4], 'int32');
    await tf.setBackend('wasm');
    const smallest = tf.tidy(() => gather(indices).min().dataSync()[0]);
    expect(smallest).toBe(3);
    expect(emscripten(wasm()).HEAPU8.byteLength).toBeGreaterThan(size);
    indices.dispose();
  });

  it('may grow while gates of another backend come to LstmSequence', async () => {
    const size = emscripten(wasm()).HEAPU8.byteLength;
    await tf.setBackend('cpu');
    const x = tf.zeros([1, size / 32, 8]);
    await tf.setBackend('wasm');
    const [hidden] = tf.tidy(
      () => tf.engine().runKernel('LstmSequence', { x, kernel: tf.zeros([2, 8]) }) as tf.Tensor[],
    );
    expect(tf.tidy(() => hidden!.abs().max().dataSync()[0])).toBe(0);
    expect(emscripten(wasm()).HEAPU8.byteLength).toBeGreaterThan(size);
    tf.dispose([x, hidden!]);
  });

  it('that is full is an error with both numbers, and everything else is unharmed', () => {
    const x = randomTensor([1000]);
    const before = tf.memory().numTensors;
    const large = wasm().makeOutput([640 * 2 ** 20], 'float32');
    expect(() => wasm().makeOutput([640 * 2 ** 20], 'float32')).toThrow(
      /^The wasm heap is full: 2560\.0 MB asked for, \d+\.\d MB in the heap, which can grow to 4096\.0 MB\./,
    );
    wasm().disposeData(large.dataId);
    // The allocator of the backend takes these for a few bytes.
    expect(() => wasm().makeOutput([2 ** 30 - 1], 'float32')).toThrow(/^The wasm heap is full: 4096\.0 MB/);
    expect(() => wasm().makeOutput([2 ** 30 + 4], 'float32')).toThrow(/^The wasm heap is full: 4096\.0 MB/);
    const huge = () => tf.tidy(() => tf.matMul(tf.ones([40_000, 1]), tf.ones([1, 40_000])));
    expect(huge).toThrow(/^The wasm heap is full: 6103\.5 MB/);
    expect([...x.dataSync()]).toEqual([...randomNumbers(1000)]);
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.matMul(tf.ones([3, 4]), tf.ones([4, 5])).dataSync()[14]).toBe(4);
  });

  it('moves tensors of another backend here when a kernel needs them', async () => {
    await tf.setBackend('cpu');
    const [a, b] = [randomTensor([3, 4], 1), randomTensor([4, 5], 2)];
    const expected = tf.matMul(a, b).dataSync();
    await tf.setBackend('wasm');
    expect(largestError(tf.matMul(a, b).dataSync(), expected)).toBeLessThan(1e-6);
  });

  it('loses nothing where there is room for the first outputs of a kernel only', () => {
    const x = tf.zeros([4, PIECE]);
    const blocks = fillHeap();
    wasm().disposeData(blocks.pop()!.dataId);
    const before = wasm().numDataIds();
    expect(() => tf.split(x, 4)).toThrow(/^The wasm heap is full/);
    expect(wasm().numDataIds()).toBe(before);
    for (const { dataId } of blocks) wasm().disposeData(dataId);
    x.dispose();
  });

  it('is opened again for a backend that was started again', async () => {
    await startAgain();
    expect(() => tf.matMul(tf.ones([2, 2]), tf.ones([2, 2]))).toThrow(/call installWasmTraining\(\) again/);
    await installWasmTraining();
    expect([...tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])).dataSync()]).toEqual([2, 2, 2, 2]);
  });

  it('may be that of the build without SIMD', async () => {
    tf.env().set('WASM_HAS_SIMD_SUPPORT', false);
    try {
      await startAgain();
      await installWasmTraining();
      const x = randomTensor([2, 5, 5, 3]);
      const loss = (filter: tf.Tensor) => tf.relu(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same')).sum();
      const compute = () => [tf.grad(loss)(randomTensor([3, 3, 3, 4], 2))];
      const [[ours], [theirs]] = [await onBackend('wasm', compute), await onBackend('cpu', compute)];
      expect(largestError(ours!, theirs!)).toBeLessThan(1e-5);
    } finally {
      tf.env().set('WASM_HAS_SIMD_SUPPORT', true);
      await startAgain();
      await installWasmTraining();
    }
  });
});

/** Takes what room there is: blocks of ever fewer numbers, the last ones of `PIECE`. */
function fillHeap(): tf.TensorInfo[] {
  const blocks: tf.TensorInfo[] = [];
  for (const count of [2 ** 26, 2 ** 22, PIECE]) {
    try {
      for (;;) blocks.push(wasm().makeOutput([count], 'float32'));
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    }
  }
  return blocks;
}

/** Starts the wasm backend anew. */
async function startAgain(): Promise<void> {
  const factory = tf.findBackendFactory('wasm');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', factory, 2);
  await tf.setBackend('wasm');
}

describe('the kernel table', () => {
  it('is the table of the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replace(/ +/g, ' ');
    const rows = names.map((name) => {
      const { stock, ours, why } = kernelTable[name];
      return `| \`${name}\` | ${stock} | ${ours} | ${why} |`;
    });
    expect(readme).toContain(rows.join('\n'));
  });
});
