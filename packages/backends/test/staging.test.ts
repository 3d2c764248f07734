import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeStaging, moveIntoPlace, stagingFolder } from '../src/native/staging.js';
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
});
