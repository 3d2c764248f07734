import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Sends the numbers of the closing line to vitest.mjs, which prints it when everything else has been printed. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      // A file that cannot be loaded, or a hook that throws, has no failed test of its own.
      for (const suite of [module, ...module.children.allSuites()]) if (suite.errors().length > 0) count.failed++;
    }
    const { passed, failed } = count;
    process.send?.({ passed, failed, skipped: count.skipped + count.pending });
  }
}
