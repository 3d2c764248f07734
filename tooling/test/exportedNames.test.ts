import { expect, test } from 'vitest';
import { exportedNames } from '../src/exportedNames.js';

test('lists values and types, sorted, under the names that users see', () => {
  const source = `
    import { hidden } from './hidden.js';
    export { b, type Options, c as renamed } from './b.js';
    export type { State } from './state.js';
    export const version = 1, other = 2;
    export function run() { return hidden; }
    export class Sampler {}
    export interface Shape {}
    const internal = 3;
  `;
  expect(exportedNames(source)).toEqual([
    'Sampler',
    'b',
    'other',
    'renamed',
    'run',
    'type Options',
    'type Shape',
    'type State',
    'version',
  ]);
});

test.each(["export * from './b.js';", "export * as b from './b.js';"])(
  'refuses `%s`, which hides names',
  (statement) => {
    expect(() => exportedNames(`\n${statement}`)).toThrow('src/index.ts:2: list every export by name');
  },
);
