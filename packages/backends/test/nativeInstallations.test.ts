import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nativeInstallations } from '../src/native/NativeInstallation.js';
import { addonOf, packageFolderOf } from '../src/native/nativePackage.js';
import { removeNative } from '../src/native/removeNative.js';
import { contents, emptyTensorflow, installed, newFolder, removeFolders, writeFiles } from './nativeSupport.js';

afterAll(removeFolders);

describe('what is installed', () => {
  it('is nothing where there is no cache', async () => {
    expect(await nativeInstallations(join(newFolder(), 'nothing'))).toEqual([]);
    expect(await removeNative(join(newFolder(), 'nothing'))).toEqual([]);
  });

  it('is listed newest first, and without a problem where it is intact', async () => {
    const cache = newFolder();
    const older = await installed(cache, { tensorflowVersion: '2.98.0', installedAt: '2029-01-01T00:00:00.000Z' });
    const newer = await installed(cache);
    writeFiles(join(cache, 'native', '.partial-1-cpu'), { 'package.json': '{}' });
    expect(await nativeInstallations(cache)).toEqual(
      [newer, older].map((installation) => ({ folder: installation.folder, installation })),
    );
  });

  it('keeps a TensorFlow of its own when it is moved', async () => {
    const folder = join(newFolder(), 'native', 'a');
    await installed('', { folder, tensorflowFolder: join(folder, 'python', 'tensorflow') });
    expect(JSON.parse(readFileSync(join(folder, 'installation.json'), 'utf8')).tensorflowFolder).toBe(
      'python/tensorflow',
    );
  });

  it.each([
    [
      'whose description is nonsense',
      ({ folder }) => writeFileSync(join(folder, 'installation.json'), '{"packageName":'),
      /installation\.json cannot be read; npx gradis native install/,
    ],
    [
      'whose description says nothing',
      ({ folder }) => writeFileSync(join(folder, 'installation.json'), '{}'),
      /installation\.json cannot be read; npx gradis native install/,
    ],
    [
      'whose addon is gone',
      (installation) => rmSync(addonOf(packageFolderOf(installation))),
      /tfjs_binding\.node is missing; npx gradis/,
    ],
    [
      'whose addon was cut off',
      (installation) => writeFileSync(addonOf(packageFolderOf(installation)), 'an'),
      /tfjs_binding\.node is not as it was compiled; npx/,
    ],
    [
      'whose TensorFlow is gone',
      ({ tensorflowFolder }) => rmSync(tensorflowFolder, { recursive: true }),
      /^the libraries of TensorFlow are gone from \S+; npx/,
    ],
  ] satisfies [string, (installation: Awaited<ReturnType<typeof installed>>) => void, RegExp][])(
    'is listed with its problem: one %s',
    async (_, damage, sentence) => {
      const cache = newFolder();
      const installation = await installed(cache);
      damage(installation);
      const [found, ...others] = await nativeInstallations(cache);
      expect(others).toEqual([]);
      expect(found).toMatchObject({ folder: installation.folder, problem: expect.stringMatching(sentence) });
    },
  );

  it('is removed, with copies in projects that are still the same, and nothing else', async () => {
    const cache = newFolder();
    const project = newFolder();
    writeFiles(project, { same: 'an addon', changed: 'another one' });
    const links = ['same', 'changed', 'gone'].map((name) => join(project, name));
    const tensorflowFolder = emptyTensorflow();
    const { folder } = await installed(cache, { links, tensorflowFolder });
    writeFiles(cache, { 'data/of/others': '' });
    expect(await removeNative(cache)).toEqual([join(project, 'same'), folder]);
    expect(contents(project)).toEqual(['changed']);
    expect(existsSync(tensorflowFolder)).toBe(true);
    expect(contents(cache)).toContain('data/of/others');
    expect(await nativeInstallations(cache)).toEqual([]);
  });
});
