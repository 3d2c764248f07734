import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { BACKENDS, type BackendName, type BackendStarter, UnavailableBackendError } from '../src/Backend.js';
import * as browser from '../src/browser.js';
import { useBackend } from '../src/index.js';
import { describeAdapter, isSoftware, nameOf } from '../src/starters/webgpu.js';
import { backendChooser } from '../src/useBackend.js';

/** A chooser on a machine where only some backends run. */
function machine(runs: BackendName[], log: string[] = []) {
  const starter =
    (backend: BackendName): BackendStarter =>
    async ({ isExplicit, threads }) => {
      log.push(`${backend}${isExplicit ? ' by name' : ''}${threads ? ` ${threads}` : ''}`);
      if (!runs.includes(backend)) throw new UnavailableBackendError(backend, `no ${backend}; get one.`);
      return { backend, device: 'here', isSoftware: false, versions: {} };
    };
  return backendChooser(Object.fromEntries(BACKENDS.map((name) => [name, starter(name)])) as never);
}

describe('auto', () => {
  it.each(BACKENDS.map((best, i) => [best, BACKENDS.slice(i)] as const))(
    'takes %s where nothing better runs, and says why not for each that is better',
    async (best, runs) => {
      const { backend, passedOver } = await machine([...runs])();
      expect(backend).toBe(best);
      expect(passedOver).toEqual(
        BACKENDS.slice(0, BACKENDS.indexOf(best)).map((name) => ({ backend: name, reason: `no ${name}; get one.` })),
      );
    },
  );

  it('asks no further than the first that runs, and passes the threads on', async () => {
    const log: string[] = [];
    await machine(['node', 'cpu'], log)('auto', { threads: 3 });
    expect(log).toEqual(['node-gpu 3', 'webgpu 3', 'node 3']);
  });

  it('tells every reason where nothing runs', async () => {
    await expect(machine([])()).rejects.toThrow(
      'no backend of TensorFlow.js runs here.\nnode-gpu: no node-gpu; get one.',
    );
  });

  it('passes on what is no matter of availability', async () => {
    const broken = backendChooser({ 'node-gpu': () => Promise.reject(new TypeError('a bug')) } as never);
    await expect(broken()).rejects.toThrow(new TypeError('a bug'));
  });
});

describe('a backend by name', () => {
  it('is that one or an error with the reason', async () => {
    const log: string[] = [];
    const use = machine(['cpu'], log);
    expect(await use('cpu')).toEqual({
      backend: 'cpu',
      device: 'here',
      isSoftware: false,
      versions: {},
      passedOver: [],
    });
    await expect(use('webgpu')).rejects.toMatchObject({
      name: 'UnavailableBackendError',
      backend: 'webgpu',
      reason: 'no webgpu; get one.',
    });
    expect(log).toEqual(['cpu by name', 'webgpu by name']);
  });

  it('must be one of them', async () => {
    await expect(useBackend('webgl' as BackendName)).rejects.toThrow("the backend is 'webgl'; it must be one of auto");
  });

  it.each([0, 1.5, -1, Number.NaN])('does not take %d threads', async (threads) => {
    await expect(useBackend('cpu', { threads })).rejects.toThrow(
      `threads is ${threads}; it must be a whole number ≥ 1.`,
    );
  });

  it.each(['cpu', 'wasm'] as const)('runs here: %s', async (name) => {
    const { backend, device, isSoftware: software, versions } = await useBackend(name);
    expect([backend, tf.getBackend(), software]).toEqual([name, name, false]);
    expect(device).not.toBe('');
    expect((await useBackend(name, { threads: 3 })).threads).toBe(1);
    expect(versions['@tensorflow/tfjs']).toBe(tf.version.tfjs);
  });

  it('leaves the backend before it where it does not run', async () => {
    await browser.useBackend('cpu');
    await expect(browser.useBackend('node')).rejects.toThrow('native TensorFlow needs Node');
    await expect(browser.useBackend('webgpu')).rejects.toThrow('this browser offers no WebGPU');
    expect(tf.getBackend()).toBe('cpu');
  });
});

describe('an adapter', () => {
  const nvidia = { vendor: 'nvidia', architecture: 'hopper', device: '', description: 'NVIDIA H100' };
  const described = (info: Partial<typeof nvidia>) => describeAdapter({ info: infoOf({ ...nvidia, ...info }) });

  /** As engines make it: the object has no fields of its own, its class has getters. */
  function infoOf(fields: Record<string, unknown>): GPUAdapterInfo {
    class Info {}
    for (const [name, value] of Object.entries(fields))
      Object.defineProperty(Info.prototype, name, { get: () => value });
    expect(Object.keys(new Info())).toEqual([]);
    return new Info() as GPUAdapterInfo;
  }

  it('is software by what it says of itself', () => {
    expect(isSoftware(described({}))).toBe(false);
    expect(isSoftware(described({ description: 'llvmpipe (LLVM 17.0.6, 256 bits)' }))).toBe(true);
    expect(isSoftware(described({ vendor: 'google', architecture: 'swiftshader', description: '' }))).toBe(true);
    expect(isSoftware(described({ device: 'Microsoft Basic Render Driver' }))).toBe(true);
  });

  it('is software where its info, or it itself as in older engines, says that it is a fallback', () => {
    expect(isSoftware(describeAdapter({ info: infoOf({ ...nvidia, isFallbackAdapter: true }) }))).toBe(true);
    expect(isSoftware(describeAdapter({ info: infoOf(nvidia), isFallbackAdapter: true }))).toBe(true);
    expect(isSoftware(describeAdapter({ isFallbackAdapter: true }))).toBe(true);
    expect(isSoftware(describeAdapter({ info: infoOf(nvidia), isFallbackAdapter: false }))).toBe(false);
  });

  it('has a name, also where it gives none', () => {
    expect(nameOf(described({}))).toBe('NVIDIA H100');
    expect(nameOf(described({ description: '' }))).toBe('nvidia hopper');
    expect(nameOf(describeAdapter({}))).toBe('unnamed adapter');
  });
});
