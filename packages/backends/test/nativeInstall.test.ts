import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { installNative, type NativeInstallOptions } from '../src/native/installNative.js';
import { nativeInstallations } from '../src/native/NativeInstallation.js';
import { addonOf, packageFolderOf } from '../src/native/nativePackage.js';
import { removeNative } from '../src/native/removeNative.js';
import {
  contents,
  emptyTensorflow,
  installed,
  type LocalRegistry,
  localRegistry,
  newFolder,
  pythonWith,
  removeFolders,
  runs,
  WORKING_PACKAGE,
  writeFiles,
} from './nativeSupport.js';

// Everything runs for real: npm, from a registry on this machine, the compiler, and the process of the check. Only the
// package is made up: it takes the place of native TensorFlow, which a test without a network cannot fetch.

const hasCompiler = ['c++', 'g++', 'clang++'].some((name) => runs(name, '--version'));
const environment = { ...process.env };
let registry: LocalRegistry;

beforeAll(async () => {
  const index = `
    const addon = require('fs').readFileSync(__dirname + '/lib/napi-v8/tfjs_binding.node', 'utf8');
    if (addon.startsWith('crash')) process.kill(process.pid, 'SIGSEGV');
    ${WORKING_PACKAGE}
  `;
  const source = '#include "tensorflow/c/c_api.h"\nTF_Tensor* tensor;\n';
  const files = { 'index.js': index, 'binding/tfjs_backend.cc': source, 'binding/tfjs_binding.cc': source };
  const version = tf.version.tfjs;
  registry = await localRegistry([
    { name: '@tensorflow/tfjs-node', version, files },
    { name: 'node-api-headers', version: '1.9.0', files: { 'include/node_api.h': '' } },
  ]);
  Object.assign(environment, { npm_config_registry: registry.url, npm_config_cache: newFolder() });
});
afterEach(() => {
  process.env = { ...environment };
});
afterAll(async () => {
  await registry.close();
  removeFolders();
});

/** An installation whose steps are heard, in an environment of its own. */
async function install(options: NativeInstallOptions, env: NodeJS.ProcessEnv = {}) {
  process.env = { ...environment, ...env };
  const steps: string[] = [];
  const result = await installNative({ ...options, onProgress: (step) => steps.push(step) });
  return { ...result, steps };
}

/** A compiler that does this with the name of its output. */
function compilerThat(script: string): NodeJS.ProcessEnv {
  const folder = newFolder();
  writeFiles(folder, {
    cxx: `#!/bin/sh\n[ "$1" = --version ] && exit\nwhile [ $# -gt 1 ]; do shift; done\n${script}\n`,
  });
  return { CXX: join(folder, 'cxx') };
}

/** One that is content with everything. */
const lenient = () => compilerThat('echo compiled > "$1"');

describe.skipIf(process.platform === 'win32')('an installation', () => {
  it('is made step by step, and is whole afterwards', async () => {
    const cacheFolder = newFolder();
    const tensorflow = emptyTensorflow();
    const { installation, isNew, steps, linkedInto } = await install({ cacheFolder, tensorflow }, lenient());
    expect(isNew).toBe(true);
    expect(linkedInto).toBeUndefined();
    expect(steps.map((step) => step.split(' ')[0])).toEqual(['Fetch', 'Compile', 'Check', 'TensorFlow', 'It']);
    expect(installation).toMatchObject({ tensorflowVersion: '2.99.0', tensorflowFolder: tensorflow, links: [] });
    expect(await nativeInstallations(cacheFolder)).toEqual([{ folder: installation.folder, installation }]);
    expect(contents(join(cacheFolder, 'native')).filter((path) => !path.includes('/'))).toHaveLength(1);
    expect(existsSync(join(installation.folder, 'node_modules', 'node-api-headers'))).toBe(true);
  });

  it('is not made twice, needs no compiler then, and is made anew where it is broken or that is asked for', async () => {
    const cacheFolder = newFolder();
    const tensorflow = emptyTensorflow();
    const { installation: first } = await install({ cacheFolder, tensorflow }, lenient());
    const again = await install({ cacheFolder }, { CXX: 'no-such-compiler', PATH: newFolder() });
    expect(again).toMatchObject({ isNew: false, installation: first });
    expect(again.steps).toEqual([`TensorFlow 2.99.0 is installed already, in ${first.folder}.`]);
    writeFileSync(join(first.folder, 'stale'), '');
    const forced = await install({ cacheFolder, tensorflow, force: true }, lenient());
    expect(forced.isNew).toBe(true);
    expect(contents(first.folder)).not.toContain('stale');
    writeFileSync(addonOf(packageFolderOf(first)), 'comp');
    expect((await install({ cacheFolder, tensorflow }, lenient())).isNew).toBe(true);
    expect((await nativeInstallations(cacheFolder)).map(({ problem }) => problem)).toEqual([undefined]);
  });

  it('is made anew where it looks intact and does not work', async () => {
    const cacheFolder = newFolder();
    const tensorflow = emptyTensorflow();
    const { installation } = await install({ cacheFolder, tensorflow }, lenient());
    const addon = addonOf(packageFolderOf(installation));
    writeFileSync(addon, 'crashes\n\n');
    expect((await nativeInstallations(cacheFolder)).map(({ problem }) => problem)).toEqual([undefined]);
    const again = await install({ cacheFolder, tensorflow }, lenient());
    expect([again.isNew, readFileSync(addon, 'utf8')]).toEqual([true, 'compiled\n']);
    expect(contents(join(cacheFolder, 'native')).filter((path) => !path.includes('/'))).toHaveLength(1);
  });

  it('is made once by two calls at the same time, and by both if that is asked for', async () => {
    const cacheFolder = newFolder();
    const tensorflow = emptyTensorflow();
    const env = lenient();
    const call = (force: boolean) => install({ cacheFolder, tensorflow, force }, env);
    const both = await Promise.all([call(false), call(false)]);
    expect(both.map(({ isNew }) => isNew)).toEqual([true, false]);
    const forced = await Promise.all([call(true), call(true)]);
    expect(forced.map(({ isNew }) => isNew)).toEqual([true, true]);
    const { installation } = forced[1];
    expect(await nativeInstallations(cacheFolder)).toEqual([{ folder: installation.folder, installation }]);
    expect(contents(join(cacheFolder, 'native')).filter((path) => !path.includes('/'))).toHaveLength(1);
  });

  it('that waits for another one can be aborted, and a third one waits on', async () => {
    const options = { cacheFolder: newFolder(), tensorflow: emptyTensorflow() };
    const env = lenient();
    const controller = new AbortController();
    let isFirstDone = false;
    const first = install(options, env).finally(() => {
      isFirstDone = true;
    });
    const second = install({ ...options, signal: controller.signal }, env);
    const third = install(options, env);
    controller.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    expect(isFirstDone).toBe(false);
    expect((await Promise.all([first, third])).map(({ isNew }) => isNew)).toEqual([true, false]);
  });

  it('is made anew for another TensorFlow of the same version, if that one is named', async () => {
    const cacheFolder = newFolder();
    await install({ cacheFolder, tensorflow: emptyTensorflow() }, lenient());
    const tensorflow = emptyTensorflow();
    const { isNew, installation } = await install({ cacheFolder, python: pythonWith({ tensorflow }) }, lenient());
    expect([isNew, installation.tensorflowFolder]).toEqual([true, tensorflow]);
  });

  it.each([
    [
      'npm reaches no registry',
      () => ({ npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' }),
      /^npm cannot fetch the package/,
    ],
    ['the compiler writes nothing', () => compilerThat('exit 1'), /^the addon does not compile/],
    [
      'the addon crashes',
      () => compilerThat('echo crash > "$1"'),
      /^the addon was compiled, but TensorFlow crashed with SIGSEGV; /,
    ],
  ])('leaves everything as it was where %s', async (_, env, sentence) => {
    const cacheFolder = newFolder();
    const tensorflow = emptyTensorflow();
    const earlier = await installed(cacheFolder, { tensorflowFolder: tensorflow });
    const before = contents(cacheFolder);
    await expect(install({ cacheFolder, tensorflow, force: true }, { ...lenient(), ...env() })).rejects.toThrow(
      sentence,
    );
    expect(contents(cacheFolder)).toEqual(before);
    expect(await nativeInstallations(cacheFolder)).toEqual([{ folder: earlier.folder, installation: earlier }]);
  });

  it.skipIf(!hasCompiler)('leaves everything as it was where the headers of TensorFlow are empty', async () => {
    const cacheFolder = newFolder();
    const tensorflow = emptyTensorflow();
    const { folder } = await installed(cacheFolder, { tensorflowFolder: tensorflow });
    const before = contents(cacheFolder);
    await expect(install({ cacheFolder, tensorflow, force: true })).rejects.toThrow(
      /does not compile .* It said: .*TF_Tensor/,
    );
    expect(contents(cacheFolder)).toEqual(before);
    expect(existsSync(folder)).toBe(true);
  });

  it('leaves everything as it was where the Python cannot make an environment after all', async () => {
    const cacheFolder = newFolder();
    const { folder } = await installed(cacheFolder, { tensorflowFolder: emptyTensorflow() });
    const before = contents(cacheFolder);
    const python = pythonWith();
    writeFiles(join(python, '..'), {
      python: `${readFileSync(python, 'utf8')}[ "$2" = venv ] && echo no luck >&2 && exit 1\nexit 0\n`,
    });
    await expect(install({ cacheFolder, python, force: true }, lenient())).rejects.toThrow(
      /^Python's venv failed; give .*\nno luck$/s,
    );
    expect(contents(cacheFolder)).toEqual(before);
    expect(existsSync(folder)).toBe(true);
  });

  it.each(['Fetch', 'Compile', 'Check'])('leaves everything as it was when it is aborted at: %s', async (step) => {
    const cacheFolder = newFolder();
    const tensorflow = emptyTensorflow();
    await installed(cacheFolder, { tensorflowFolder: tensorflow });
    const before = contents(cacheFolder);
    const controller = new AbortController();
    process.env = { ...environment, ...compilerThat(step === 'Compile' ? 'sleep 600' : 'echo compiled > "$1"') };
    const onProgress = (message: string) => {
      if (message.startsWith(step)) setTimeout(() => controller.abort(new Error('Ctrl-C')), 20);
    };
    const options = { cacheFolder, tensorflow, force: true, signal: controller.signal, onProgress };
    await expect(installNative(options)).rejects.toThrow('Ctrl-C');
    expect(contents(cacheFolder)).toEqual(before);
  });

  it('leaves everything as it was when the program is ended by a signal, to which it does not listen itself', async () => {
    const cacheFolder = newFolder();
    process.env = { ...environment, ...compilerThat('sleep 600') };
    const listening = process.listenerCount('SIGHUP');
    const ended = vi.fn((_: unknown): true => true);
    const { kill: realKill } = process;
    process.kill = (pid, name) => (pid === process.pid ? ended(name) : realKill.call(process, pid, name));
    const onProgress = (message: string) => {
      if (message.startsWith('Compile')) process.emit('SIGHUP', 'SIGHUP');
    };
    try {
      const options = { cacheFolder, tensorflow: emptyTensorflow(), onProgress };
      await expect(installNative(options)).rejects.toThrow('interrupted by SIGHUP');
    } finally {
      process.kill = realKill;
    }
    expect(ended.mock.calls).toEqual([['SIGHUP']]);
    expect(contents(join(cacheFolder, 'native'))).toEqual([]);
    expect(process.listenerCount('SIGHUP')).toBe(listening);
  });

  it('removes what a process that was killed has left, and no folder of one that runs', async () => {
    const cacheFolder = newFolder();
    const root = join(cacheFolder, 'native');
    // No process has such an id; the parent runs.
    const [dead, alive] = ['.partial-99999999-cpu', `.partial-${process.ppid}-cpu`];
    writeFiles(root, { [`${dead}/package.json`]: '{}', [`${alive}/package.json`]: '{}' });
    for (const name of [dead, alive]) utimesSync(join(root, name), 0, 0);
    await install({ cacheFolder, tensorflow: emptyTensorflow() }, lenient());
    expect(existsSync(join(root, dead))).toBe(false);
    expect(existsSync(join(root, alive))).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('a project with a package that has no addon', () => {
  const manifest = (version: string) => ({
    'package.json': JSON.stringify({ name: '@tensorflow/tfjs-node', version }),
  });
  const index = (works: boolean) => ({
    'index.js': works ? WORKING_PACKAGE : "throw new Error('not here')",
  });
  const project = (version = tf.version.tfjs, works = true) => {
    const folder = newFolder();
    const packageFolder = join(folder, 'node_modules/@tensorflow/tfjs-node');
    writeFiles(packageFolder, { ...manifest(version), ...index(works) });
    return { folder, packageFolder, addon: addonOf(packageFolder) };
  };

  it('gets one if asked, loses it with the installation, and keeps its own', async () => {
    const cacheFolder = newFolder();
    const tensorflow = emptyTensorflow();
    const { folder, addon } = project();
    const options = { cacheFolder, tensorflow, projectFolder: folder };
    expect((await install(options, lenient())).linkedInto).toBeUndefined();
    expect(existsSync(addon)).toBe(false);
    expect((await install({ ...options, link: true })).linkedInto).toBe(addon);
    expect(readFileSync(addon, 'utf8')).toBe('compiled\n');
    expect((await install({ ...options, link: true })).linkedInto).toBeUndefined();
    expect(await removeNative(cacheFolder)).toContain(addon);
    expect(existsSync(addon)).toBe(false);
    writeFileSync(addon, 'its own');
    expect((await install({ ...options, link: true }, lenient())).linkedInto).toBeUndefined();
    await removeNative(cacheFolder);
    expect(readFileSync(addon, 'utf8')).toBe('its own');
  });

  it('is left as it was where the addon does not work there, or the version is another', async () => {
    const cacheFolder = newFolder();
    const tensorflow = emptyTensorflow();
    for (const { folder, packageFolder } of [project(tf.version.tfjs, false), project('4.0.0')]) {
      const before = contents(packageFolder);
      const result = await install({ cacheFolder, tensorflow, projectFolder: folder, link: true }, lenient());
      expect(result.linkedInto).toBeUndefined();
      expect(contents(packageFolder)).toEqual(before);
      expect(result.installation.links).toEqual([]);
    }
    const broken = project(tf.version.tfjs, false);
    const { steps } = await install({ cacheFolder, tensorflow, projectFolder: broken.folder, link: true });
    expect(steps.at(-1)).toMatch(/^The project's own @tensorflow\/tfjs-node was left without an addon: .*not here/s);
  });
});
