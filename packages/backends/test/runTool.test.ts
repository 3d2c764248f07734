import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runTool } from '../src/native/runTool.js';
import { newFolder, removeFolders, writeFiles } from './nativeSupport.js';

afterAll(removeFolders);

describe('a tool', () => {
  it('is ended together with what it started, before the reason of the abort is thrown', async () => {
    const folder = newFolder();
    const pid = join(folder, 'pid');
    writeFiles(folder, { tool: `#!/bin/sh\nsleep 600 & echo $! > ${pid}.new && mv ${pid}.new ${pid}; wait\n` });
    const controller = new AbortController();
    const running = runTool(join(folder, 'tool'), [], { signal: controller.signal });
    const expected = expect(running).rejects.toThrow('enough');
    while (!existsSync(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(new Error('enough'));
    await expected;
    // Gone, or at most waiting for its parent to notice.
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', readFileSync(pid, 'utf8').trim()], { encoding: 'utf8' });
    expect(stdout).toMatch(/^(Z.*\s*)?$/);
  });

  it('does not start when it is too late', async () => {
    const marker = join(newFolder(), 'marker');
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(runTool('touch', [marker], { signal })).rejects.toThrow('too late');
    expect(existsSync(marker)).toBe(false);
  });
});
