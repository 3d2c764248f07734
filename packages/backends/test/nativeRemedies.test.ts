import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { checkCommand, checkInstallation } from '../src/native/checkInstallation.js';
import { compileAddon } from '../src/native/compileAddon.js';
import { findCompiler } from '../src/native/findCompiler.js';
import { planNativeInstall } from '../src/native/planNativeInstall.js';
import { privateTensorflow, runPython } from '../src/native/privateTensorflow.js';
import { runNpm } from '../src/native/runNpm.js';
import {
  emptyTensorflow,
  newFolder,
  pythonWith,
  removeFolders,
  runs,
  WORKING_PACKAGE,
  writeFiles,
} from './nativeSupport.js';

const compiler = ['c++', 'g++', 'clang++'].find((name) => runs(name, '--version'));
const hasPip = runs('python3', '-m', 'pip', '--version');
const environment = { ...process.env };

afterEach(() => {
  process.env = { ...environment };
});
afterAll(removeFolders);

describe.skipIf(process.platform === 'win32')('what cannot be done is said in one sentence with the remedy', () => {
  const plan = (options: Parameters<typeof planNativeInstall>[0]) =>
    planNativeInstall({ cacheFolder: newFolder(), ...options });

  it.each([
    [
      'has no libraries',
      { without: 'libtensorflow_cc' },
      /^there is no libtensorflow_cc\S+ in \S+; give the folder 'tensorflow'/,
    ],
    [
      'has no headers',
      { without: 'ctstring_internal.h' },
      /^there is no include\S+ctstring_internal.h in \S+; give the folder/,
    ],
    [
      'is too old',
      { version: '2.11.0' },
      /^TensorFlow 2\.11\.0 in \S+ is too old: the addon needs 2\.12 or newer; pip install --upgrade/,
    ],
  ])('a TensorFlow that %s', async (_, options, sentence) => {
    await expect(plan({ tensorflow: emptyTensorflow(options) })).rejects.toThrow(sentence);
  });

  it('a folder that does not exist, and one of which pip knows nothing', async () => {
    await expect(plan({ tensorflow: '/no/such/folder' })).rejects.toThrow(
      /^there is no libtensorflow_cc.* in \/no\/such\/folder; /,
    );
    const tensorflow = emptyTensorflow();
    rmSync(join(tensorflow, '..', 'tensorflow_cpu-2.99.0.dist-info'), { recursive: true });
    await expect(plan({ tensorflow })).rejects.toThrow(
      /^the version of TensorFlow in \S+ is unknown, .*; give the folder/,
    );
  });

  it('a TensorFlow without CUDA where a GPU is wanted', async () => {
    await expect(plan({ gpu: true, tensorflow: emptyTensorflow() })).rejects.toThrow(
      /was built without CUDA; give one/,
    );
    const { isCudaBuild, steps } = await plan({ gpu: true, tensorflow: emptyTensorflow({ isCudaBuild: true }) });
    expect(isCudaBuild).toBe(true);
    expect(steps.addon.command.join(' ')).toContain('cudaLibraries.cc');
  });

  it('a Python that is missing, is none, or cannot make environments', async () => {
    await expect(plan({ python: '/no/such/python' })).rejects.toThrow(
      "the Python '/no/such/python' does not run (there is no such program); give the path of a Python 3, such as /usr/bin/python3.",
    );
    const folder = newFolder();
    writeFiles(folder, { python: '#!/bin/sh\necho nonsense\n' });
    await expect(plan({ python: join(folder, 'python') })).rejects.toThrow(
      /does not run \(it does not answer as a Python 3 does\); give/,
    );
    await expect(plan({ python: pythonWith({ hasVenv: false }) })).rejects.toThrow(
      /cannot make virtual environments; install its venv module \(apt install python3-venv\), or give/,
    );
  });

  it('no Python, no compiler, no npm', async () => {
    process.env.PATH = newFolder();
    await expect(plan({})).rejects.toThrow(
      /^there is no Python, .*; install python3 with venv, or give .* with --tensorflow\.$/,
    );
    delete process.env.CXX;
    await expect(findCompiler()).rejects.toThrow(/^there is no C\+\+ compiler, .*; install one: (apt|xcode-select)/);
    await expect(findCompiler({ ...process.env, CXX: 'no-such-compiler -x' })).rejects.toThrow(
      "the compiler that CXX names, 'no-such-compiler -x', does not run; name another one, or unset CXX.",
    );
    await expect(runNpm(['npm', '--version'], {})).rejects.toThrow(
      /^npm was not found, .*; put its folder into PATH\.$/,
    );
  });

  it('a system for which TensorFlow publishes nothing', () => {
    const python = { executable: '/usr/bin/python3', version: '3.12', hasVenv: true };
    const fetch = (platform: NodeJS.Platform, arch: NodeJS.Architecture, gpu = false) =>
      privateTensorflow(python, gpu, '/staging', { platform, arch }).requirement.split('==')[0];
    expect(fetch('linux', 'x64')).toBe('tensorflow-cpu');
    expect(fetch('linux', 'x64', true)).toBe('tensorflow[and-cuda]');
    expect(fetch('linux', 'arm64')).toBe('tensorflow');
    expect(fetch('darwin', 'arm64')).toBe('tensorflow');
    expect(() => fetch('darwin', 'x64')).toThrow(/is not published for darwin x64; give your own with --tensorflow\.$/);
    expect(() => fetch('darwin', 'arm64', true)).toThrow(
      /no build with CUDA for darwin arm64; leave out --gpu, .*webgpu/,
    );
    expect(() => fetch('linux', 'arm64', true)).toThrow(/no build with CUDA for linux arm64; leave out --gpu, or/);
  });

  it('Windows', async () => {
    const { platform } = process;
    Object.defineProperty(process, 'platform', { value: 'win32' });
    try {
      await expect(plan({})).rejects.toThrow(
        /cannot be installed on Windows yet; use WSL 2, or the backend 'webgpu'\.$/,
      );
    } finally {
      Object.defineProperty(process, 'platform', { value: platform });
    }
  });

  it.skipIf(!hasPip)('pip without a network, or without the package', async () => {
    const pip = ['python3', '-m', 'pip', 'install', '--disable-pip-version-check', '--target', newFolder()];
    const nowhere = ['--index-url', 'http://127.0.0.1:9/simple', '--retries', '1'];
    await expect(runPython([...pip, ...nowhere, 'tensorflow-cpu==2.99.0'], {})).rejects.toThrow(
      /^pip cannot reach Python's package index; check the network .* with --tensorflow\.$/,
    );
    await expect(runPython([...pip, '--no-index', 'tensorflow-cpu==2.99.0'], {})).rejects.toThrow(
      /^pip finds no tensorflow-cpu==2\.99\.0 for this Python; give a Python 3\.\d+ to 3\.\d+ with --python/,
    );
  });

  it('npm without a network', async () => {
    const env = { ...process.env, npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' };
    const cwd = newFolder();
    writeFiles(cwd, { 'package.json': '{}' });
    const command = ['npm', 'install', '--loglevel=error', '--no-save', '--cache', newFolder(), 'left-out@1'];
    await expect(runNpm(command, { cwd, env })).rejects.toThrow(
      /^npm cannot fetch the package \(ECONNREFUSED: .*\); check the network, and npm's setting 'registry'\.$/,
    );
  });

  it.skipIf(!compiler)('headers that are none', async () => {
    const folder = newFolder();
    writeFiles(folder, { 'a.cc': '#include "tensorflow/c/c_api.h"\nTF_Tensor* tensor;\n' });
    const include = join(emptyTensorflow(), 'include');
    const command = [compiler!, '-I', include, '-c', join(folder, 'a.cc'), '-o', join(folder, 'a.o')];
    await expect(compileAddon(command, {})).rejects.toThrow(
      /^the addon does not compile with \S+; it needs C\+\+17 .*: name another compiler with CXX, .* It said: .*error.*TF_Tensor/,
    );
  });

  it('an addon that crashes, and one that computes nonsense', async () => {
    const check = (index: string) => {
      const folder = newFolder();
      writeFiles(folder, { 'node_modules/@tensorflow/tfjs-node/index.js': index });
      return checkInstallation(checkCommand(folder, '@tensorflow/tfjs-node'));
    };
    await expect(check("console.error('the last words'); process.kill(process.pid, 'SIGSEGV')")).rejects.toThrow(
      /^the addon was compiled, but TensorFlow crashed with SIGSEGV; give another one with --tensorflow\. It said:\nthe last words$/,
    );
    await expect(check("throw new Error('libx.so.2: cannot open shared object file')")).rejects.toThrow(
      /the library libx\.so\.2 that it needs is missing; install it, or give/,
    );
    expect(await check(WORKING_PACKAGE)).toMatchObject({
      tensorflowVersion: '2.99.0',
      isUsingGpu: false,
    });
    await expect(check(`${WORKING_PACKAGE} module.exports = { ...tf, eye: (n) => tf.zeros([n, n]) }`)).rejects.toThrow(
      /^TensorFlow 2\.99\.0 computes \{.*"gradient":\[0,0,0,0\]\} in place of \{.*\[20,28,28,40\]\} here; give another one/,
    );
  });
});
