import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { UnavailableBackendError } from '../src/Backend.js';
import { probeAdapter } from '../src/starters/probeAdapter.js';
import { newFolder, removeFolders, writeFiles } from './nativeSupport.js';

/** Lets every Node that is started run a script first. */
function preload(script: string): void {
  const folder = newFolder();
  writeFiles(folder, { 'preload.cjs': script });
  vi.stubEnv('NODE_OPTIONS', `--require ${join(folder, 'preload.cjs')}`);
}

/** The adapter, or why there is none. */
const answer = () => probeAdapter().catch((error: UnavailableBackendError) => error.reason);

afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(removeFolders);

describe('asking for an adapter', () => {
  it('does not mind what a preloaded module prints', async () => {
    const expected = await answer();
    preload("console.log('hello'); console.log('{}');");
    expect(await answer()).toEqual(expected);
  });

  it.each([
    ['prints something else', "process.on('exit', () => console.log('bye'))", /^the answer is 'bye'\.$/],
    ['ends without a word', 'process.exit(3)', /^\S+ ended with 3\.$/],
    ['says why it ends', "console.error('one\\ntwo.'); process.exit(3)", /^two\.$/],
    ['crashes', "process.kill(process.pid, 'SIGSEGV')", /^the driver ended the process with SIGSEGV\.$/],
  ])('is in vain, with a reason, where the process %s', async (_, script, reason) => {
    preload(script);
    const error = await probeAdapter().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UnavailableBackendError);
    const before = 'asking for an adapter failed: ';
    expect((error as UnavailableBackendError).reason.slice(0, before.length)).toBe(before);
    expect((error as UnavailableBackendError).reason.slice(before.length)).toMatch(reason);
  });
});
