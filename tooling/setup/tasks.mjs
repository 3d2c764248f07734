import { fetchChromium } from './fetchChromium.mjs';

const test = 'tooling/setup/vitest.mjs';
const native = 'tooling/setup/native.mjs';

/**
 * What `node tooling/setup/run.mjs <task>` does once the packages are built: programs, one after the other, of which the
 * last one gets the arguments.
 */
export const tasks = {
  bench: [['apps/bench/dist/cli.js', 'bench', 'mnist']],
  gradis: [['apps/bench/dist/cli.js']],
  native: [[native, '--optional']],
  test: [fetchChromium, [test]],
  'test:native': [[native], [test]],
  'test:webgpu': [fetchChromium, [test]],
};

/** What the tests of a task must run on; without it, on all that there is. */
export const backends = { 'test:native': 'node', 'test:webgpu': 'webgpu,chromium' };
