import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { installed, removeFolders } from '../../packages/backends/test/nativeSupport.js';
import { testLegs } from '../setup/legs.js';
import { temporaryFolder } from './temporaryFolder.js';

const wrapper = fileURLToPath(new URL('../setup/vitest.mjs', import.meta.url));

afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(removeFolders);

describe('the backends of the suites', () => {
  test('are all of them, none of which must run', () => {
    vi.stubEnv('GRADIS_TEST_BACKENDS', undefined);
    expect(testLegs().map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['cpu', false],
      ['wasm', false],
      ['webgpu', false],
      ['node', false],
      ['chromium', false],
      ['chromium-wasm', false],
    ]);
  });

  test('are those that GRADIS_TEST_BACKENDS names, and these must run', () => {
    vi.stubEnv('GRADIS_TEST_BACKENDS', 'node,cpu');
    expect(testLegs().map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['cpu', true],
      ['node', true],
    ]);
  });

  test('cannot be misspelt', () => {
    vi.stubEnv('GRADIS_TEST_BACKENDS', 'native');
    expect(testLegs).toThrow("names 'native'; it must be some of cpu, wasm, webgpu, node, chromium, chromium-wasm.");
  });
});

/** What the suites print on native TensorFlow, by default in a cache that has none. */
function runOnNative(environment: NodeJS.ProcessEnv) {
  const args = [wrapper, '--project', 'node', 'packages/tfjs/test/misclassified'];
  const env = { ...process.env, GRADIS_CACHE: temporaryFolder(), ...environment };
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  return { lines: stdout.trimEnd().split('\n').slice(-2), stderr, status };
}

describe('a backend that is not there', () => {
  test('is skipped with the reason', () => {
    const { lines } = runOnNative({ GRADIS_TEST_BACKENDS: undefined });
    expect(lines[0]).toMatch(
      /^node {6}0 passed, 0 failed, 1 skipped: the backend node does not run here: .*gradis native install/,
    );
    expect(lines[1]).toBe('0 passed, 0 failed, 1 skipped');
  });

  test('fails the run if it must be there', () => {
    const { lines, stderr, status } = runOnNative({ GRADIS_TEST_BACKENDS: 'node' });
    expect(stderr).toMatch(/the backend node does not run here: .*gradis native install/);
    expect(lines).toEqual(['node      0 passed, 1 failed, 0 skipped', '0 passed, 1 failed, 0 skipped']);
    expect(status).toBe(1);
  });

  test('fails the run if it is installed and does not load', async () => {
    const cache = temporaryFolder();
    await installed(cache, { index: "throw new Error('no luck')" });
    const { lines, stderr, status } = runOnNative({ GRADIS_CACHE: cache, GRADIS_TEST_BACKENDS: undefined });
    expect(stderr).toMatch(/the backend node does not run here: .*tfjs_binding\.node does not load \(no luck\)/);
    expect(lines).toEqual(['node      0 passed, 1 failed, 0 skipped', '0 passed, 1 failed, 0 skipped']);
    expect(status).toBe(1);
  });
});
