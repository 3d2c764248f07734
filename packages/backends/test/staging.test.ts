import { spawnSync } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeStaging, moveIntoPlace, removeForgotten, stagingFolder } from '../src/native/staging.js';
import { contents, newFolder, removeFolders } from './nativeSupport.js';

afterAll(removeFolders);

describe('a staging folder', () => {
  /** Makes one with a file, as an installation would. */
  async function staged(root: string, content: string): Promise<string> {
    const folder = stagingFolder(root, 'cpu');
    await makeStaging(folder);
    writeFileSync(join(folder, content), '');
    return folder;
  }

  it('takes the place of an older one', async () => {
    const root = newFolder();
    const folder = join(root, 'key');
    await moveIntoPlace(await staged(root, 'old'), folder);
    await moveIntoPlace(await staged(root, 'new'), folder);
    expect(contents(root)).toEqual(['key', join('key', 'new'), join('key', 'package.json')]);
  });

  it('takes its place, or lets that of a faster one be, where many are moved at the same time', async () => {
    const root = newFolder();
    const folder = join(root, 'key');
    for (let round = 0; round < 10; round++) {
      const all = await Promise.all(Array.from({ length: 8 }, () => staged(root, 'addon')));
      await Promise.all(all.map((staging) => moveIntoPlace(staging, folder)));
      expect(contents(folder)).toEqual(['addon', 'package.json']);
    }
    expect(contents(root).filter((path) => path.includes('-old'))).toEqual([]);
  });

  it('is forgotten when its process has ended, after an hour or when asked to', async () => {
    const root = newFolder();
    const { pid: ended } = spawnSync(process.execPath, ['--version']);
    const names = [`.partial-${ended}-cpu-1`, `.partial-${ended}-cpu-2`, `.partial-${process.pid}-cpu-3`];
    for (const name of names) mkdirSync(join(root, name));
    const twoHoursAgo = Date.now() / 1000 - 7200;
    for (const name of [names[0]!, names[2]!]) utimesSync(join(root, name), twoHoursAgo, twoHoursAgo);
    await removeForgotten(root);
    expect(new Set(contents(root))).toEqual(new Set(names.slice(1)));
    await removeForgotten(root, 0);
    expect(contents(root)).toEqual(names.slice(2));
  });
});
