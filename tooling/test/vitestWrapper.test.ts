import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'gradis-closing-line-'));
const wrapper = fileURLToPath(new URL('../setup/vitest.mjs', import.meta.url));
const reporter = fileURLToPath(new URL('../setup/closingLine.ts', import.meta.url));

const config = `export default {
  root: ${JSON.stringify(folder)},
  cacheDir: 'cache',
  test: { include: ['**/*.test.js'], globals: true, reporters: ['default', ${JSON.stringify(reporter)}] },
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

beforeAll(() => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(filter: string, configuration = 'vitest.config.mjs') {
  const args = [wrapper, '--config', join(folder, configuration), filter];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { line: stdout.split('\n').at(-2), status };
}

test.each([
  ['counts what passed and what was skipped', run.bind(null, 'good/'), '2 passed, 0 failed, 2 skipped', 0],
  [
    'counts failed tests, files that do not load, failed hooks and lost rejections',
    run.bind(null, 'bad/'),
    '3 passed, 4 failed, 1 skipped',
    1,
  ],
  ['fails when no file matches', run.bind(null, 'nowhere/'), '0 passed, 0 failed, 0 skipped', 1],
  ['fails when every test was skipped', run.bind(null, 'skipped/'), '0 passed, 0 failed, 1 skipped', 1],
  ['fails when the run cannot start', run.bind(null, 'good/', 'broken.config.mjs'), '0 passed, 1 failed, 0 skipped', 1],
])('the closing line %s', (_, outcome, line, status) => {
  expect(outcome()).toEqual({ line, status });
});
