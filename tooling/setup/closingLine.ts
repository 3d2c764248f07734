import type { Reporter, SerializedError, TestModule } from 'vitest/node';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** Sends the numbers of the closing line, and a line for each project, to vitest.mjs, which prints them last of all. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const { passed, failed, skipped } = countOf(modules);
    process.send?.({ passed, failed: failed + unhandledErrors.length, skipped, projects: projectLines(modules) });
  }
}

function countOf(modules: readonly TestModule[]): Count {
  const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
  for (const module of modules) {
    for (const test of module.children.allTests()) count[test.result().state]++;
    // A file that cannot be loaded, or a hook that throws, has no failed test of its own.
    for (const suite of [module, ...module.children.allSuites()]) if (suite.errors().length > 0) count.failed++;
  }
  const { passed, failed } = count;
  return { passed, failed, skipped: count.skipped + count.pending };
}

/** Projects by name with their numbers, and with the reason where one was skipped as a whole. */
function projectLines(modules: readonly TestModule[]): string[] {
  const names = [...new Set(modules.map(({ project }) => project.name))];
  return names.flatMap((name) => {
    const own = modules.filter(({ project }) => project.name === name);
    if (name === '') return [];
    const { passed, failed, skipped } = countOf(own);
    const why = passed + failed === 0 ? reasons(own) : '';
    return [`${name.padEnd(9)} ${passed} passed, ${failed} failed, ${skipped} skipped${why && `: ${why}`}`];
  });
}

/** What tests said when they skipped themselves. */
function reasons(modules: readonly TestModule[]): string {
  const results = modules.flatMap(({ children }) => [...children.allTests()].map((test) => test.result()));
  return [
    ...new Set(results.flatMap((result) => (result.state === 'skipped' && result.note ? [result.note] : []))),
  ].join(' ');
}
