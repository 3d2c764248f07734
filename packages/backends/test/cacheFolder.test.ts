import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../src/native/cacheFolder.js';

describe('the cache', () => {
  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
    ['linux', {}, join(homedir(), '.cache', 'gradis')],
    ['linux', { XDG_CACHE_HOME: '/caches' }, join('/caches', 'gradis')],
    ['darwin', {}, join(homedir(), 'Library', 'Caches', 'gradis')],
    ['win32', {}, join(homedir(), 'AppData', 'Local', 'gradis', 'Cache')],
    ['win32', { LOCALAPPDATA: '/local' }, join('/local', 'gradis', 'Cache')],
  ])('is where caches are on %s with %o', (platform, env, folder) => {
    expect(cacheFolder(env, platform)).toBe(folder);
  });

  it('is where GRADIS_CACHE says, on every system', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(cacheFolder({ GRADIS_CACHE: 'here', XDG_CACHE_HOME: '/caches' }, platform)).toBe(resolve('here'));
    }
  });
});
