import { readdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { findChromium, softwareVulkan } from './setup/chromium.mjs';
import { type Leg, testLegs } from './setup/legs.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = readdirSync(`${root}/packages`);

/** Three times what the largest test process takes. */
const bytesPerWorker = 2 ** 30;

/** What runs on every backend: all that the packages with tensors compute. */
const suites = ['packages/{tfjs,importance}/test/!(package)*.test.ts'];

// WebGPU in Node runs on the CPU where it can, so that no test depends on a GPU. The processes of the tests inherit this.
Object.assign(process.env, softwareVulkan());

/** One run over every package; `@gradis/*` resolves to sources, so no build is needed before a test. */
export default defineConfig({
  root,
  cacheDir: 'node_modules/.vitest',
  resolve: {
    alias: [
      { find: '@gradis/tooling/testing', replacement: `${root}/tooling/src/testing.ts` },
      ...packages.map((name) => ({
        find: new RegExp(`^@gradis/${name}$`),
        replacement: `${root}/packages/${name}/src/index.ts`,
      })),
    ],
  },
  test: {
    pool: 'forks',
    maxWorkers: Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / bytesPerWorker))),
    globalSetup: ['tooling/setup/kernels.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [...(process.env.GRADIS_TEST_BACKENDS ? [] : [general()]), ...testLegs().map(suitesOn)],
  },
});

/** Everything that needs no certain backend, or starts its own. */
function general(): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name: 'general',
      include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tooling/test/**/*.test.ts'],
      exclude: suites,
    },
  };
}

function suitesOn(leg: Leg): TestProjectInlineConfiguration {
  const test = {
    name: leg.name,
    include: leg.suites ?? suites,
    setupFiles: [...(leg.isInBrowser ? ['tooling/setup/wasmInBrowser.ts'] : []), 'tooling/setup/testBackend.ts'],
    provide: { leg },
    testTimeout: 300_000,
    // One process for all files, so that every shader is compiled once: SwiftShader takes a second for some.
    ...(leg.backend === 'webgpu' && { isolate: false, maxWorkers: 1, sequence: { groupOrder: 1 } }),
  };
  if (!leg.isInBrowser || leg.missing) return { extends: true, test };
  return {
    extends: true,
    resolve: { alias: { '@gradis/backends': `${root}/packages/backends/src/browser.ts` } },
    test: {
      ...test,
      name: `${leg.name} as a browser`,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: {
            executablePath: findChromium(),
            args: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
          },
        }),
        instances: [{ browser: 'chromium', name: leg.name }],
      },
    },
  };
}
