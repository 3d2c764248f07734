import { Package } from '@arethetypeswrong/core';
import { expect, test } from 'vitest';
import { packageProblems } from '../checks/packageProblems.mjs';
import { packPackages } from '../checks/packPackages.mjs';

/** A package in order, with some files replaced or left out. */
function fixture(changes: Record<string, string | undefined> = {}): Package {
  const manifest = {
    name: 'fixture',
    version: '1.0.0',
    license: 'Apache-2.0',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    main: './dist/index.cjs',
    module: './dist/index.js',
    types: './dist/index.d.cts',
    exports: {
      '.': {
        import: { types: './dist/index.d.ts', default: './dist/index.js' },
        require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
      },
    },
  };
  const files: Record<string, string | undefined> = {
    'package.json': JSON.stringify(manifest),
    'README.md': '# fixture',
    LICENSE: 'text',
    'dist/index.js': 'export const one = 1;',
    'dist/index.cjs': 'exports.one = 1;',
    'dist/index.d.ts': 'export declare const one = 1;',
    'dist/index.d.cts': 'export declare const one = 1;',
    ...changes,
  };
  const present = Object.entries(files).flatMap(([path, text]) =>
    text === undefined ? [] : [[`/node_modules/fixture/${path}`, text]],
  );
  return new Package(Object.fromEntries(present), 'fixture', '1.0.0');
}

test('finds nothing wrong with a package in order', async () => {
  expect(await packageProblems(fixture())).toEqual([]);
});

test.each([
  ['a missing README', { 'README.md': undefined }, 'fixture: README.md is missing.'],
  ['a missing LICENSE', { LICENSE: undefined }, 'fixture: LICENSE is missing.'],
  ['sources', { 'src/index.ts': '' }, 'fixture: src/index.ts is for development only.'],
  ['tests', { 'test/index.test.ts': '' }, 'fixture: test/index.test.ts is for development only.'],
  ['an entry that is missing', { 'dist/index.cjs': undefined }, 'publint error: pkg.exports["."].require'],
  [
    'CommonJS where ESM is promised',
    { 'dist/index.js': 'exports.one = 1;' },
    'publint error: pkg.module should be ESM',
  ],
  [
    'types of another module kind',
    { 'dist/index.d.cts': 'declare const one: 1;\nexport default one;' },
    'arethetypeswrong: FalseExportDefault',
  ],
  [
    'a range of the workspace',
    { 'package.json': JSON.stringify({ name: 'fixture', version: '1.0.0', dependencies: { other: 'workspace:^' } }) },
    'other has the range workspace:^',
  ],
])('finds %s', async (_, changes, problem) => {
  expect((await packageProblems(fixture(changes))).join('\n')).toContain(problem);
});

test('every published package is in order when packed', { timeout: 300_000 }, async () => {
  const problems = (await packPackages()).map(packageProblems);
  expect((await Promise.all(problems)).flat()).toEqual([]);
});
