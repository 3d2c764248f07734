import { createRequire } from 'node:module';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { installed, newFolder, removeFolders } from './nativeSupport.js';
import { usableBackends } from './usableBackends.js';

const require = createRequire(import.meta.url);

afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(removeFolders);

// The first one must not load anything.
describe('the backends of this machine', () => {
  it('are no reason to skip anything if native TensorFlow is installed and does not load', async () => {
    const cache = newFolder();
    await installed(cache, { index: "throw new Error('no luck')" });
    vi.stubEnv('GRADIS_CACHE', cache);
    await expect(usableBackends()).rejects.toThrow('does not load (no luck)');
  });

  it('tell the versions of the packages behind them, and the threads that are in force', async () => {
    for (const { backend, choice } of await usableBackends()) {
      if (!choice) continue;
      const { versions, threads } = choice;
      expect(Object.keys(versions).length).toBeGreaterThan(0);
      for (const [name, version] of Object.entries(versions)) {
        if (name !== 'tensorflow') expect([name, version]).toEqual([name, require(`${name}/package.json`).version]);
      }
      expect(threads).toBe(['cpu', 'wasm'].includes(backend) ? 1 : undefined);
    }
  });
});
