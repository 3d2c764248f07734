import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporaryFolder.js';

const wrapper = fileURLToPath(new URL('../setup/vitest.mjs', import.meta.url));
const helper = fileURLToPath(new URL('../src/testPackage.ts', import.meta.url));

/** Runs the shared tests on a package with these files and returns all that vitest printed. */
function testOutput(files: Record<string, string>): string {
  const folder = temporaryFolder({
    'test/package.test.js': `import { testPackage } from ${JSON.stringify(helper)};\ntestPackage(import.meta.url);`,
    'vitest.config.mjs': "export default { cacheDir: 'cache' };",
    ...files,
  });
  const args = [wrapper, '--root', folder, '--config', `${folder}/vitest.config.mjs`, '--reporter', 'verbose'];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, CI: 'true' },
  });
  return stdout + stderr;
}

const block = (...code: string[]) => ['```ts', ...code, '```', ''].join('\n');

test('a package in order passes, each block of its documentation being a test', () => {
  const output = testOutput({
    'README.md': `# Package\n\n${block('console.log(1 + 1); // → 2')}`,
    'src/index.ts': "export { one } from './one.js';",
    'src/one.ts':
      '/**\n * One.\n *\n * @example\n * ```ts\n * console.log(1); // → 1\n * ```\n */\nexport const one = 1;',
    'test/__snapshots__/package.test.js.snap':
      '// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html\n\nexports[`exports the names on record 1`] = `\n[\n  "one",\n]\n`;\n',
  });
  expect(output).toContain('README.md:3 runs as written');
  expect(output).toContain('src/one.ts:5 runs as written');
  expect(output).toContain('\n4 passed, 0 failed, 0 skipped\n');
});

test('a package fails for what is wrong in its export list, README and docblocks, with file and line', () => {
  const long = Array<string>(8).fill('console.log();');
  const output = testOutput({
    'README.md': `# Package\n\n${block(...long)}\n${block('console.log(1 + 1); // → 3')}`,
    'src/index.ts': "export { one, two } from './one.js';",
    'src/one.ts': "/**\n * ```ts\n * throw new Error('boom');\n * ```\n */\nexport const one = 1, two = 2;",
    'test/__snapshots__/package.test.js.snap':
      '// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html\n\nexports[`exports the names on record 1`] = `\n[\n  "one",\n]\n`;\n',
  });
  expect(output).toContain('Snapshot `exports the names on record 1` mismatched');
  expect(output).toContain('README.md:3: the first example has 8 lines, more than 7.');
  expect(output).toContain('README.md:15: printed "2", but the arrow says "3".');
  expect(output).toContain('src/one.ts:3: Error: boom');
});

test('a package fails without a ts block in its README, and with an @example that cannot run', () => {
  const index = { 'src/index.ts': 'export const one = 1;' };
  expect(testOutput({ ...index, 'README.md': '# Package' })).toContain('the first code block must be a ```ts example');
  const bare = { 'src/index.ts': '/** @example one */\nexport const one = 1;', 'README.md': block('') };
  expect(testOutput(bare)).toContain('src/index.ts:1: this @example has no ```ts block.');
});
