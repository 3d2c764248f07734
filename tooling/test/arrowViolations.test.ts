import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { arrowViolations } from '../checks/arrowViolations.mjs';

const temporary: string[] = [];
afterAll(() => {
  for (const folder of temporary) rmSync(folder, { recursive: true });
});

/** A repository with these files, objects being written as JSON. */
function repository(files: Record<string, string | object>): string {
  const root = mkdtempSync(join(tmpdir(), 'gradis-arrows-'));
  temporary.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

test('this repository follows its arrows', () => {
  expect(arrowViolations(fileURLToPath(new URL('../..', import.meta.url)))).toEqual([]);
});

test('accepts the arrows of the architecture, Node modules and files beside', () => {
  const root = repository({
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
  const root = repository({
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
  const root = repository({
    'packages/training/package.json': {},
    'packages/training/src/deep/a.ts': `\n\n${statement}`,
  });
  expect(arrowViolations(root)).toEqual([
    `packages/training/src/deep/a.ts:3 → ${target}: @gradis/training may use @gradis/samplers, @gradis/metrics.`,
  ]);
});

test('asks for the arrows of a package that it does not know', () => {
  const root = repository({ 'packages/extra/package.json': {} });
  expect(arrowViolations(root)[0]).toContain('packages/extra has no arrows yet');
});
