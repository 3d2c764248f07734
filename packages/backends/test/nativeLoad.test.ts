import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Module } from 'node:module';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type LoadedNative, loadNative } from '../src/native/loadNative.js';
import { usableInstallations } from '../src/native/NativeInstallation.js';
import { addonOf, packageFolderOf } from '../src/native/nativePackage.js';
import { installed, newFolder, OTHER_TFJS, removeFolders, runs, writeFiles } from './nativeSupport.js';

const compiler = ['c++', 'g++', 'clang++'].find((name) => runs(name, '--version'));
const real = (await usableInstallations()).find(({ isCudaBuild }) => !isCudaBuild);
const version = tf.version.tfjs;
const requireAddon = "require('./lib/napi-v8/tfjs_binding.node');";

/** An empty project, in which this package finds nothing else. */
const nowhere = () => newFolder();

/** A project with a package of native TensorFlow. */
function project(files: Record<string, string>, manifest: object = {}): string {
  const folder = newFolder();
  const name = '@tensorflow/tfjs-node';
  writeFiles(join(folder, 'node_modules', name), {
    'package.json': JSON.stringify({ name, version, ...manifest }),
    ...files,
  });
  writeFiles(join(folder, 'node_modules', '@tensorflow', 'tfjs'), OTHER_TFJS);
  return folder;
}

// pnpm and vitest name their own packages in NODE_PATH, where a folder without any would find them.
delete process.env.NODE_PATH;
(Module as unknown as { _initPaths(): void })._initPaths();

afterAll(removeFolders);

// These come first: none of them may start anything.
describe('what does not load is said in one sentence with the remedy', () => {
  const load = (projectFolder: string, cacheFolder: string, gpu?: boolean) =>
    loadNative({ projectFolder, cacheFolder, gpu });

  it('nothing is installed', async () => {
    await expect(load(nowhere(), newFolder())).rejects.toThrow(
      `there is no native TensorFlow for @tensorflow/tfjs ${version}; npx gradis native install.`,
    );
    await expect(load(nowhere(), newFolder(), true)).rejects.toThrow(
      `there is no native TensorFlow for a GPU for @tensorflow/tfjs ${version}; npx gradis native install --gpu.`,
    );
  });

  it('what is installed is for another version, another machine, or no GPU', async () => {
    const cache = newFolder();
    await installed(cache, { packageVersion: '4.0.0' });
    await installed(cache, { platform: 'aix' });
    await installed(cache, { arch: 's390' });
    await expect(load(nowhere(), cache)).rejects.toThrow(/^there is no native TensorFlow for @tensorflow/);
    await installed(cache);
    await expect(load(nowhere(), cache, true)).rejects.toThrow(/^there is no native TensorFlow for a GPU/);
  });

  it('what is installed is broken', async () => {
    const cache = newFolder();
    const { folder } = await installed(cache, { addonBytes: 99 });
    await expect(load(nowhere(), cache)).rejects.toThrow(
      /tfjs_binding\.node is not as it was compiled; npx gradis native install makes it anew\.$/,
    );
    writeFileSync(join(folder, 'installation.json'), 'nonsense');
    await expect(load(nowhere(), cache)).rejects.toThrow(/^there is no native TensorFlow/);
  });

  it('the addon of an installation is cut off', async () => {
    const cache = newFolder();
    const binary = readFileSync(process.execPath).subarray(0, 2000).toString('latin1');
    const { folder } = await installed(cache, {
      addon: binary,
      index: requireAddon,
      addonBytes: Buffer.byteLength(binary),
    });
    await expect(load(nowhere(), cache)).rejects.toThrow(
      new RegExp(
        `^${folder}\\S+tfjs_binding\\.node does not load \\((?!Cannot find).+\\); npx gradis native install --force makes it anew\\.$`,
      ),
    );
  });

  it('that of an installation, where the project has a package as npm leaves it', async () => {
    const untouched = project({ 'index.js': '' });
    const cache = newFolder();
    const broken = await installed(cache, { index: requireAddon });
    await expect(load(untouched, cache)).rejects.toThrow(
      /^\S+native\S+tfjs_binding\.node does not load \(.+\); npx gradis native install --force makes it anew\.$/,
    );
    rmSync(addonOf(packageFolderOf(broken)));
    await expect(load(untouched, cache)).rejects.toThrow(
      /^\S+native\S+tfjs_binding\.node is missing; npx gradis native install makes it anew\.$/,
    );
  });

  it('the project has a package without an addon, or of another version', async () => {
    await expect(load(project({ 'index.js': '' }), newFolder())).rejects.toThrow(
      "the project's @tensorflow/tfjs-node has no addon; npx gradis native install makes one.",
    );
    await expect(load(project({ 'index.js': '' }, { version: '4.0.0' }), newFolder())).rejects.toThrow(
      `the project has @tensorflow/tfjs-node 4.0.0 but @tensorflow/tfjs ${version}; install the same version of both.`,
    );
  });

  it.each([
    [
      'throws an error without a code',
      "throw new Error('no luck\\nat all')",
      /does not load \(no luck\); remove that file, and npx gradis native install makes another\.$/,
    ],
    ['lacks a module', "require('no-such-module')", /does not load \(Cannot find module 'no-such-module'\); remove/],
    ['throws something else', "throw 'text'", /does not load \(text\); remove/],
    ['registers nothing', '', /does not load \(it registers no backend\); remove/],
    [
      'registers a backend that does not start',
      "require('@tensorflow/tfjs').registerBackend('tensorflow', () => { throw new Error('no device') }); require('@tensorflow/tfjs').setBackend('tensorflow')",
      /does not load \(no device\); remove/,
    ],
  ])("the project's package %s", async (_, index, sentence) => {
    const folder = project({ 'index.js': index, 'lib/napi-v8/tfjs_binding.node': '' });
    await tf.setBackend('cpu');
    await expect(load(folder, newFolder())).rejects.toThrow(sentence);
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.findBackendFactory('tensorflow')).toBeFalsy();
  });

  it.skipIf(!compiler || process.platform !== 'linux')('a library is missing', async () => {
    const build = newFolder();
    writeFiles(build, { 'a.cc': 'int a() { return 1; }', 'b.cc': 'int a(); int b() { return a(); }' });
    const compile = (...args: string[]) => execFileSync(compiler!, ['-shared', '-fPIC', ...args], { cwd: build });
    compile('a.cc', '-o', 'libgone.so.2', '-Wl,-soname,libgone.so.2');
    compile('b.cc', './libgone.so.2', '-o', 'b.node');
    const folder = project({ 'index.js': requireAddon, 'lib/napi-v8/tfjs_binding.node': '' });
    const addon = addonOf(join(folder, 'node_modules/@tensorflow/tfjs-node'));
    writeFileSync(addon, readFileSync(join(build, 'b.node')));
    rmSync(join(build, 'libgone.so.2'));
    await expect(load(folder, newFolder())).rejects.toThrow(
      `${addon} needs libgone.so.2, which is missing; remove that file, and npx gradis native install makes another.`,
    );
  });

  it('a number of threads that is none', async () => {
    for (const threads of [0, 1.5, -1, Number.NaN]) {
      await expect(loadNative({ threads })).rejects.toThrow(`threads is ${threads}; it must be a whole number ≥ 1.`);
    }
  });
});

describe.skipIf(!real)('an installation in the cache (gradis native install makes one)', () => {
  const before = { ...process.env };
  const { emitWarning } = process;
  let loaded: LoadedNative;

  it('is loaded without a word, shares TensorFlow.js, and leaves the backend and the environment as they are', async () => {
    await tf.setBackend('cpu');
    const spies = (['log', 'warn', 'error', 'info'] as const).map((name) => vi.spyOn(console, name));
    const writes = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    // What the project has does not load, which is not the end.
    const broken = project({ 'index.js': "throw new Error('no luck')", 'lib/napi-v8/tfjs_binding.node': '' });
    loaded = await loadNative({ gpu: false, threads: 1, projectFolder: broken });
    for (const spy of [...spies, ...writes]) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    expect(loaded).toEqual({
      tensorflowVersion: real!.tensorflowVersion,
      packageName: real!.packageName,
      packageVersion: version,
      isUsingGpu: false,
      source: 'cache',
      threads: 1,
    });
    expect(tf.getBackend()).toBe('cpu');
    expect(process.env).toEqual(before);
    expect(process.emitWarning).toBe(emitWarning);
    expect(tf.env().getBool('PROD')).toBe(false);
    expect(tf.findBackend('tensorflow')).toBeTruthy();
  });

  it('computes what the cpu backend computes, gradients and TopK included, and trains', async () => {
    tf.enableProdMode(); // No banner of the cpu backend.
    const values = async (backend: string) => {
      await tf.setBackend(backend);
      return tf.tidy(() => {
        const x = tf.linspace(-1, 2, 60).reshape([12, 5]) as tf.Tensor2D;
        const w = tf.linspace(1, -1, 20).reshape([5, 4]) as tf.Tensor2D;
        const loss = (v: tf.Tensor) =>
          x
            .matMul(v as tf.Tensor2D)
            .tanh()
            .square()
            .mean();
        const { values, indices } = tf.topk(x.matMul(w), 2);
        return [loss(w), tf.grad(loss)(w), values, indices].map((tensor) => tensor.dataSync());
      });
    };
    const [native, reference] = [await values('tensorflow'), await values('cpu')];
    native.forEach((value, i) => {
      // Sums of at most 12 terms of size ≤ 10: a few roundings of float32.
      expect(Array.from(value)).toEqual(Array.from(reference[i]!, (v) => expect.closeTo(v, 4)));
    });
    await tf.setBackend('tensorflow');
    const { numTensors } = tf.memory();
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 8, inputShape: [5], activation: 'tanh' }), tf.layers.dense({ units: 1 })],
    });
    const optimizer = tf.train.adam(0.02);
    const x = tf.randomNormal([64, 5], 0, 1, 'float32', 1);
    const y = x.sum(1, true);
    const step = () =>
      optimizer.minimize(() => tf.losses.meanSquaredError(y, model.apply(x, { training: true }) as tf.Tensor), true)!;
    const losses = Array.from({ length: 20 }, () => tf.tidy(() => step().dataSync()[0]!));
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
    tf.dispose([x, y]);
    model.dispose();
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('is loaded once; what comes too late is said', async () => {
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    expect(await loadNative({ gpu: false, threads: 1 })).toEqual(loaded);
    expect(await loadNative()).toEqual(loaded);
    expect(warning).not.toHaveBeenCalled();
    expect(await loadNative({ threads: 2 })).toEqual(loaded);
    expect(warning.mock.calls).toEqual([
      ['TensorFlow runs with threads: 1 already; threads: 2 comes too late in this process.'],
    ]);
    vi.restoreAllMocks();
    await expect(loadNative({ gpu: true })).rejects.toThrow(
      'TensorFlow runs without a GPU in this process already and starts only once; choose in another process.',
    );
  });
});
