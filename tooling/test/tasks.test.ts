import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { backends, tasks } from '../setup/tasks.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { scripts: Record<string, string> };

/** The tasks that scripts and the tests of this project run by name. */
const named = [...Object.values(scripts), readFileSync(`${root}/.ci/run`, 'utf8')].flatMap((script) =>
  Array.from(script.matchAll(/tooling\/setup\/run\.mjs ([\w:]+)/g), ([, task]) => task),
);

describe('tasks', () => {
  it.each(named)('have %s, which is run by name', (task) => {
    expect(Object.keys(tasks)).toContain(task);
  });

  it('are all run by name', () => {
    expect(new Set(named)).toEqual(new Set(Object.keys(tasks)));
    expect(Object.keys(tasks)).toEqual(expect.arrayContaining(Object.keys(backends)));
  });

  it('run scripts that are there, but for what is built first', () => {
    const started = Object.values(tasks)
      .flat()
      .flatMap((step) => (typeof step === 'function' ? [] : step.slice(0, 1)));
    const missing = started.filter((script) => !existsSync(`${root}/${script}`));
    expect(missing.filter((script) => !script.includes('/dist/'))).toEqual([]);
  });
});
