import { readdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = readdirSync(`${root}/packages`);

/** Three times what the largest test process takes. */
const bytesPerWorker = 2 ** 30;

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
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tooling/test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / bytesPerWorker))),
    globalSetup: ['tooling/setup/kernels.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
