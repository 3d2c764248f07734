import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporaryFolder.js';

const wrapper = fileURLToPath(new URL('../setup/vitest.mjs', import.meta.url));

const config = `export default {
  cacheDir: 'cache',
  test: { include: ['**/*.test.js'], globals: true },
};`;

const files = {
  'good/a.test.js': "test('a', () => {}); test('b', () => {}); test.skip('c', () => {}); test.todo('d');",
  'skipped/a.test.js': "test.skip('a', () => {});",
  'bad/fails.test.js': "test('a', () => {}); test('b', () => { throw new Error('b'); });",
  'bad/does-not-load.test.js': "import './missing.js'; test('a', () => {});",
  'bad/hook.test.js':
    "describe('x', () => { beforeAll(() => { throw new Error('hook'); }); test('a', () => {}); }); test('b', () => {});",
  'bad/rejects.test.js':
    "test('a', async () => { Promise.reject(new Error('nobody waits')); await new Promise((r) => setTimeout(r, 50)); });",
  'vitest.config.mjs': config,
  'broken.config.mjs': "throw new Error('no configuration');",
};

function run(filter: string, configuration = 'vitest.config.mjs') {
  const folder = temporaryFolder(files);
  const args = [wrapper, '--root', folder, '--config', join(folder, configuration), filter];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { line: stdout.split('\n').at(-2), status };
}

test.each([
  ['counts what passed and what was skipped', ['good/'], '2 passed, 0 failed, 2 skipped', 0],
  [
    'counts failed tests, files that do not load, failed hooks and lost rejections',
    ['bad/'],
    '3 passed, 4 failed, 1 skipped',
    1,
  ],
  ['fails when no file matches', ['nowhere/'], '0 passed, 0 failed, 0 skipped', 1],
  ['fails when every test was skipped', ['skipped/'], '0 passed, 0 failed, 1 skipped', 1],
  ['fails when the run cannot start', ['good/', 'broken.config.mjs'], '0 passed, 1 failed, 0 skipped', 1],
])('the closing line %s', (_, [filter, configuration], line, status) => {
  expect(run(filter!, configuration)).toEqual({ line, status });
});
