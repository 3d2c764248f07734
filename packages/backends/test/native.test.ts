import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { cacheFolder } from '../src/native/cacheFolder.js';
import { checkCommand, checkInstallation } from '../src/native/checkInstallation.js';
import { compileAddon } from '../src/native/compileAddon.js';
import { compileCommand } from '../src/native/compileCommand.js';
import { findCompiler } from '../src/native/findCompiler.js';
import { nativeInstallations } from '../src/native/NativeInstallation.js';
import { addonOf, installationKey, packageFolderOf } from '../src/native/nativePackage.js';
import { planNativeInstall } from '../src/native/planNativeInstall.js';
import { privateTensorflow, runPython } from '../src/native/privateTensorflow.js';
import { removeNative } from '../src/native/removeNative.js';
import { runNpm } from '../src/native/runNpm.js';
import { runTool } from '../src/native/runTool.js';
import { supplyRemovedUtil } from '../src/native/supplyRemovedUtil.js';
import { whyNoGpu } from '../src/native/whyNoGpu.js';
import {
  contents,
  emptyTensorflow,
  installed,
  newFolder,
  pythonWith,
  removeFolders,
  runs,
  writeFiles,
} from './nativeSupport.js';

const compiler = ['c++', 'g++', 'clang++'].find((name) => runs(name, '--version'));
const hasPip = runs('python3', '-m', 'pip', '--version');
const environment = { ...process.env };

afterEach(() => {
  process.env = { ...environment };
});
afterAll(removeFolders);

describe('the key of an installation', () => {
  const facts = {
    packageName: '@tensorflow/tfjs-node',
    packageVersion: '4.22.0',
    tensorflowVersion: '2.21.0',
    platform: 'linux',
    arch: 'x64',
  } as const;

  it('names everything that an addon depends on', () => {
    expect(installationKey(facts)).toBe('tfjs-node-4.22.0-tensorflow-2.21.0-linux-x64');
    const others = [
      { packageName: '@tensorflow/tfjs-node-gpu' as const },
      { packageVersion: '4.23.0' },
      { tensorflowVersion: '2.20.0' },
      { platform: 'darwin' },
      { arch: 'arm64' },
    ].map((change) => installationKey({ ...facts, ...change }));
    expect(new Set([installationKey(facts), ...others]).size).toBe(6);
  });
});

describe('the cache folder', () => {
  it('is GRADIS_CACHE, or where the caches of a user are', () => {
    expect(cacheFolder({ GRADIS_CACHE: '/x' }, 'linux')).toBe('/x');
    expect(cacheFolder({ XDG_CACHE_HOME: '/caches' }, 'linux')).toBe('/caches/gradis');
    expect(cacheFolder({}, 'darwin')).toMatch(/Library.Caches.gradis$/);
    expect(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32')).toBe('/local/gradis/Cache');
  });
});

describe('what Node 23 removed', () => {
  it('is there again, and right', () => {
    const bare: Record<string, (value: unknown) => boolean> = {};
    supplyRemovedUtil(bare);
    expect(Object.keys(bare).sort()).toEqual(['isArray', 'isNullOrUndefined']);
    const values = [null, undefined, 0, '', Number.NaN, [], {}, new Float32Array(2)];
    expect(values.map(bare.isNullOrUndefined!)).toEqual([true, true, false, false, false, false, false, false]);
    expect(values.map(bare.isArray!)).toEqual([false, false, false, false, false, true, false, false]);
  });

  it('is left alone where it exists, and nothing else is added', () => {
    const isArray = () => false;
    const given = { isArray, inspect: 1 };
    supplyRemovedUtil(given);
    expect(given).toEqual({ isArray, inspect: 1, isNullOrUndefined: expect.any(Function) });
    expect(given.isArray).toBe(isArray);
  });

  it('can be sent to another process as text, and makes the same there', () => {
    const script = `const bare = {}; (${supplyRemovedUtil})(bare); console.log(bare.isArray([]), bare.isNullOrUndefined(0))`;
    expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toBe('true false\n');
  });

  it('is all of it that the package calls', () => {
    const root = join(import.meta.dirname, '..', 'node_modules', '@tensorflow', 'tfjs-node', 'dist');
    const files = contents(root).filter((path) => path.endsWith('.js') && !/test/.test(path));
    const called = files.flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const name = /var (\w+) = require\("util"\)/.exec(text)?.[1];
      return name ? [...text.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, 'g'))].map((match) => match[1]) : [];
    });
    // What remains in Node 24 needs no help.
    expect([...new Set(called)].sort()).toEqual(['isArray', 'isNullOrUndefined', 'promisify']);
  });
});

describe('a plan', () => {
  it('tells every step with its exact command, and changes nothing', async () => {
    const cache = join(newFolder(), 'cache');
    const tensorflow = emptyTensorflow();
    const plan = await planNativeInstall({ tensorflow, cacheFolder: cache });
    expect(existsSync(cache)).toBe(false);
    expect(plan.existing).toBeUndefined();
    expect(plan.folder).toBe(
      join(cache, 'native', `tfjs-node-${tf.version.tfjs}-tensorflow-2.99.0-${process.platform}-${process.arch}`),
    );
    const { packages, addon, check, ...more } = plan.steps;
    expect(more).toEqual({});
    expect(packages.command.slice(-2)).toEqual([
      `@tensorflow/tfjs-node@${tf.version.tfjs}`,
      expect.stringMatching(/^node-api-headers@/),
    ]);
    expect(packages.command).toContain('--ignore-scripts');
    expect(addon.command).toContain(join(tensorflow, 'include'));
    expect(addon.command.at(-1)).toBe(
      addonOf(packageFolderOf({ folder: plan.staging, packageName: plan.packageName })),
    );
    expect(check.command[0]).toBe(process.execPath);
    for (const { description } of Object.values(plan.steps)) expect(description).toMatch(/^[A-Z].*\.$/);
  });

  it('fetches TensorFlow where the Python has none, and says why', async () => {
    const python = pythonWith();
    const cacheFolder = newFolder();
    const { steps, tensorflowVersion, staging, tensorflowFolder } = await planNativeInstall({ python, cacheFolder });
    expect(steps.environment?.command).toEqual([python, '-m', 'venv', join(staging, 'python')]);
    expect(steps.environment?.description).toContain(`because ${python} has no TensorFlow`);
    expect(steps.tensorflow?.command.at(-1)).toMatch(new RegExp(`^tensorflow(-cpu)?==${tensorflowVersion}$`));
    expect(tensorflowFolder).toBe(join(staging, 'python/lib/python3.12/site-packages/tensorflow'));
    expect(contents(cacheFolder)).toEqual([]);
  });

  it('takes the TensorFlow of the Python, unless that one will not do', async () => {
    const cacheFolder = newFolder();
    const good = emptyTensorflow();
    const taken = await planNativeInstall({ python: pythonWith({ tensorflow: good }), cacheFolder });
    expect(taken.tensorflowFolder).toBe(good);
    expect(taken.steps.tensorflow).toBeUndefined();
    const old = emptyTensorflow({ version: '2.9.1' });
    const other = await planNativeInstall({ python: pythonWith({ tensorflow: old }), cacheFolder });
    expect(other.steps.environment?.description).toContain(`because TensorFlow 2.9.1 in ${old} is too old`);
  });

  it('finds what is installed and intact, for what is asked', async () => {
    const cacheFolder = newFolder();
    const tensorflow = emptyTensorflow();
    const { folder } = await installed(cacheFolder, { tensorflowFolder: tensorflow });
    const existing = async (options: object) =>
      (await planNativeInstall({ tensorflow, cacheFolder, ...options })).existing;
    expect((await existing({}))?.folder).toBe(folder);
    expect(await existing({ force: true })).toBeUndefined();
    expect(await existing({ tensorflow: emptyTensorflow() })).toBeUndefined();
    rmSync(join(folder, 'installation.json'));
    expect(await existing({})).toBeUndefined();
  });
});

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
    const tfjs = JSON.stringify(join(import.meta.dirname, '../node_modules/@tensorflow/tfjs'));
    const native = `const tf = require(${tfjs}); Object.assign(tf.backend(), { binding: { TF_Version: '2.99.0' }, isUsingGpuDevice: false });`;
    expect(await check(`${native} module.exports = tf`)).toMatchObject({
      tensorflowVersion: '2.99.0',
      isUsingGpu: false,
    });
    await expect(check(`${native} module.exports = { ...tf, eye: (n) => tf.zeros([n, n]) }`)).rejects.toThrow(
      /^TensorFlow 2\.99\.0 computes \{.*"gradient":\[0,0,0,0\]\} in place of \{.*\[20,28,28,40\]\} here; give another one/,
    );
  });
});

describe('the command of the compiler', () => {
  const compilation = {
    compiler: ['c++'],
    packageName: '@tensorflow/tfjs-node',
    staging: '/cache/native/.partial',
    tensorflow: { now: '/cache/native/.partial/python/tensorflow', later: '/cache/native/key/python/tensorflow' },
    isCudaBuild: false,
    platform: 'linux',
  } as const;
  const paths = (command: string[]) =>
    command.filter((_, i) => command[i - 3] === '-Xlinker' && command[i - 2] === '-rpath');

  it('lets the addon find a TensorFlow that moves with it, also from a copy elsewhere', () => {
    const [relative, absolute] = paths(compileCommand(compilation));
    expect(relative).toMatch(/^\$ORIGIN\//);
    const from = join('/cache/native/key/node_modules/@tensorflow/tfjs-node/lib/napi-v8');
    expect(join(from, relative!.slice('$ORIGIN/'.length))).toBe(absolute);
    expect(absolute).toBe('/cache/native/key/python/tensorflow');
    const tensorflow = { now: '/usr/tensorflow', later: '/usr/tensorflow' };
    expect(paths(compileCommand({ ...compilation, tensorflow }))).toEqual(['/usr/tensorflow']);
  });

  it('names libraries and flags as the platform does', () => {
    const linux = compileCommand(compilation).join(' ');
    expect(linux).toMatch(/ -shared .*libtensorflow_cc\.so\.2 \S*libtensorflow_framework\.so\.2 /);
    const mac = compileCommand({ ...compilation, platform: 'darwin' }).join(' ');
    expect(mac).toMatch(
      / -undefined dynamic_lookup .*libtensorflow_cc\.2\.dylib \S*libtensorflow_framework\.2\.dylib /,
    );
    expect(mac).toContain('@loader_path/');
    expect(mac).not.toContain('$ORIGIN');
  });
});

describe('a tool', () => {
  it('is ended together with what it started, before the reason of the abort is thrown', async () => {
    const folder = newFolder();
    const pid = join(folder, 'pid');
    writeFiles(folder, { tool: `#!/bin/sh\nsleep 600 & echo $! > ${pid}.new && mv ${pid}.new ${pid}; wait\n` });
    const controller = new AbortController();
    const running = runTool(join(folder, 'tool'), [], { signal: controller.signal });
    const expected = expect(running).rejects.toThrow('enough');
    while (!existsSync(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(new Error('enough'));
    await expected;
    // Gone, or at most waiting for its parent to notice.
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', readFileSync(pid, 'utf8').trim()], { encoding: 'utf8' });
    expect(stdout).toMatch(/^(Z.*\s*)?$/);
  });

  it('does not start when it is too late', async () => {
    const marker = join(newFolder(), 'marker');
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(runTool('touch', [marker], { signal })).rejects.toThrow('too late');
    expect(existsSync(marker)).toBe(false);
  });
});

describe('why there is no GPU', () => {
  it('is read from what TensorFlow writes', () => {
    expect(whyNoGpu("Could not load dynamic library 'libcudnn.so.9'; dlerror: …")).toMatch(
      /^the CUDA library libcudnn\.so\.9 is missing; pip install/,
    );
    expect(whyNoGpu('Cannot dlopen some GPU libraries. Skipping registering GPU devices...')).toMatch(
      /^CUDA libraries are missing; pip install/,
    );
    expect(whyNoGpu('failed call to cuInit: UNKNOWN ERROR (303)')).toMatch(/^it finds no GPU; install the driver/);
  });
});

describe('what is installed', () => {
  it('is nothing where there is no cache', async () => {
    expect(await nativeInstallations(join(newFolder(), 'nothing'))).toEqual([]);
    expect(await removeNative(join(newFolder(), 'nothing'))).toEqual([]);
  });

  it('is listed newest first, and without a problem where it is intact', async () => {
    const cache = newFolder();
    const older = await installed(cache, { tensorflowVersion: '2.98.0', installedAt: '2029-01-01T00:00:00.000Z' });
    const newer = await installed(cache);
    writeFiles(join(cache, 'native', '.partial-1-cpu'), { 'package.json': '{}' });
    expect(await nativeInstallations(cache)).toEqual(
      [newer, older].map((installation) => ({ folder: installation.folder, installation })),
    );
  });

  it('keeps a TensorFlow of its own when it is moved', async () => {
    const folder = join(newFolder(), 'native', 'a');
    await installed('', { folder, tensorflowFolder: join(folder, 'python', 'tensorflow') });
    expect(JSON.parse(readFileSync(join(folder, 'installation.json'), 'utf8')).tensorflowFolder).toBe(
      'python/tensorflow',
    );
  });

  it.each([
    [
      'whose description is nonsense',
      ({ folder }) => writeFileSync(join(folder, 'installation.json'), '{"packageName":'),
      /installation\.json cannot be read; npx gradis native install/,
    ],
    [
      'whose description says nothing',
      ({ folder }) => writeFileSync(join(folder, 'installation.json'), '{}'),
      /installation\.json cannot be read; npx gradis native install/,
    ],
    [
      'whose addon is gone',
      (installation) => rmSync(addonOf(packageFolderOf(installation))),
      /tfjs_binding\.node is missing; npx gradis/,
    ],
    [
      'whose addon was cut off',
      (installation) => writeFileSync(addonOf(packageFolderOf(installation)), 'an'),
      /tfjs_binding\.node is not as it was compiled; npx/,
    ],
    [
      'whose TensorFlow is gone',
      ({ tensorflowFolder }) => rmSync(tensorflowFolder, { recursive: true }),
      /^the libraries of TensorFlow are gone from \S+; npx/,
    ],
  ] satisfies [string, (installation: Awaited<ReturnType<typeof installed>>) => void, RegExp][])(
    'is listed with its problem: one %s',
    async (_, damage, sentence) => {
      const cache = newFolder();
      const installation = await installed(cache);
      damage(installation);
      const [found, ...others] = await nativeInstallations(cache);
      expect(others).toEqual([]);
      expect(found).toMatchObject({ folder: installation.folder, problem: expect.stringMatching(sentence) });
    },
  );

  it('is removed, with copies in projects that are still the same, and nothing else', async () => {
    const cache = newFolder();
    const project = newFolder();
    writeFiles(project, { same: 'an addon', changed: 'another one' });
    const links = ['same', 'changed', 'gone'].map((name) => join(project, name));
    const tensorflowFolder = emptyTensorflow();
    const { folder } = await installed(cache, { links, tensorflowFolder });
    writeFiles(cache, { 'data/of/others': '' });
    expect(await removeNative(cache)).toEqual([join(project, 'same'), folder]);
    expect(contents(project)).toEqual(['changed']);
    expect(existsSync(tensorflowFolder)).toBe(true);
    expect(contents(cache)).toContain('data/of/others');
    expect(await nativeInstallations(cache)).toEqual([]);
  });
});
