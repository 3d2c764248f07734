import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { arrowViolations } from '../checks/arrowViolations.mjs';
import { temporaryFolder } from './temporaryFolder.js';

test('this repository follows its arrows', () => {
  expect(arrowViolations(fileURLToPath(new URL('../..', import.meta.url)))).toEqual([]);
});

test('accepts the arrows of the architecture, Node modules and files beside', () => {
  const root = temporaryFolder({
    'packages/datasets/package.json': { dependencies: { '@gradis/samplers': 'workspace:^' } },
    'packages/datasets/src/index.ts':
      "import { RandomGenerator } from '@gradis/samplers';\nexport { a } from './deep/a.js';\nimport { readFile } from 'node:fs/promises';",
    'packages/datasets/src/deep/a.ts': "export { b as a } from '../b.js';",
    'packages/importance/package.json': {
      peerDependencies: { '@tensorflow/tfjs': '^4' },
      devDependencies: { any: '1' },
    },
    'packages/importance/src/index.ts': "import * as tf from '@tensorflow/tfjs';",
  });
  expect(arrowViolations(root)).toEqual([]);
});

test.each(['samplers', 'metrics'])('refuses any dependency of %s, of each kind', (name) => {
  const root = temporaryFolder({
    [`packages/${name}/package.json`]: {
      dependencies: { a: '1' },
      peerDependencies: { b: '1' },
      optionalDependencies: { c: '1' },
    },
    [`packages/${name}/src/index.ts`]: '',
  });
  expect(arrowViolations(root)).toEqual(
    ['a', 'b', 'c'].map(
      (target) => `packages/${name}/package.json → ${target}: @gradis/${name} may use no other package at all.`,
    ),
  );
});

test.each([
  ["import { x } from 'lodash';", 'lodash'],
  ["import type { X } from '@gradis/tfjs';", '@gradis/tfjs'],
  ["export { x } from '@tensorflow/tfjs/dist/x.js';", '@tensorflow/tfjs'],
  ["const x = await import('chalk');", 'chalk'],
  ["import { x } from '../../../samplers/src/x.js';", '../../../samplers/src/x.js'],
])('refuses `%s` without an arrow and names the line', (statement, target) => {
  const root = temporaryFolder({
    'packages/training/package.json': {},
    'packages/training/src/deep/a.ts': `\n\n${statement}`,
  });
  expect(arrowViolations(root)).toEqual([
    `packages/training/src/deep/a.ts:3 → ${target}: @gradis/training may use @gradis/samplers, @gradis/metrics.`,
  ]);
});

test('asks for the arrows of a package that it does not know', () => {
  const root = temporaryFolder({ 'packages/extra/package.json': {} });
  expect(arrowViolations(root)[0]).toContain('packages/extra has no arrows yet');
});
