import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { execute } from '../setup/execute.mjs';

const node = (program: string) => execute(process.execPath, ['--eval', program]);

describe('execute', () => {
  test('resolves to the exit code of the program', async () => {
    expect(await node('process.exit(0)')).toBe(0);
    expect(await node('process.exit(3)')).toBe(3);
  });

  test('rejects when the program does not exist', async () => {
    await expect(execute('no-such-program-anywhere', [])).rejects.toThrow('ENOENT');
  });

  describe.runIf(process.platform !== 'win32')('with signals', () => {
    test('resolves to 128 + n after signal n', async () => {
      expect(await node("process.kill(process.pid, 'SIGTERM')")).toBe(128 + 15);
    });

    test.each(['SIGINT', 'SIGTERM'] as const)(
      'passes %s to the program and waits for its exit code',
      async (signal) => {
        const program = `process.on('${signal}', () => setTimeout(() => process.exit(7), 50)); setInterval(() => {}, 1000); console.log('ready');`;
        const parent: ChildProcess = spawn(process.execPath, [
          '--input-type=module',
          '--eval',
          `import { execute } from ${JSON.stringify(new URL('../setup/execute.mjs', import.meta.url).href)};
         process.exitCode = await execute(process.execPath, ['--eval', ${JSON.stringify(program)}]);`,
        ]);
        await once(parent.stdout!, 'data');
        parent.kill(signal);
        expect(await once(parent, 'exit')).toEqual([7, null]);
      },
    );
  });
});
