import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { addonOf, packageFolderOf } from '../src/native/nativePackage.js';
import { planNativeInstall } from '../src/native/planNativeInstall.js';
import {
  contents,
  emptyTensorflow,
  installed,
  newFolder,
  pythonWith,
  removeFolders,
  WORKING_PACKAGE,
} from './nativeSupport.js';

afterAll(removeFolders);

describe('a plan', () => {
  it('tells every step with its exact command, and changes nothing', async () => {
    const cache = join(newFolder(), 'cache');
    const tensorflow = emptyTensorflow();
    const plan = await planNativeInstall({ tensorflow, cacheFolder: cache });
    expect(existsSync(cache)).toBe(false);
    expect(plan.existing).toBeUndefined();
    expect(plan.folder).toBe(
      join(cache, 'native', `tfjs-node-${tf.version.tfjs}-tensorflow-2.99.0-${process.platform}-${process.arch}`),
    );
    const { packages, addon, check, ...more } = plan.steps;
    expect(more).toEqual({});
    expect(packages.command.slice(-2)).toEqual([
      `@tensorflow/tfjs-node@${tf.version.tfjs}`,
      expect.stringMatching(/^node-api-headers@/),
    ]);
    expect(packages.command).toContain('--ignore-scripts');
    expect(addon.command).toContain(join(tensorflow, 'include'));
    expect(addon.command.at(-1)).toBe(
      addonOf(packageFolderOf({ folder: plan.staging, packageName: plan.packageName })),
    );
    expect(check.command[0]).toBe(process.execPath);
    for (const { description } of Object.values(plan.steps)) expect(description).toMatch(/^[A-Z].*\.$/);
  });

  it('fetches TensorFlow where the Python has none, and says why', async () => {
    const python = pythonWith();
    const cacheFolder = newFolder();
    const { steps, tensorflowVersion, staging, tensorflowFolder } = await planNativeInstall({ python, cacheFolder });
    expect(steps.environment?.command).toEqual([python, '-m', 'venv', join(staging, 'python')]);
    expect(steps.environment?.description).toContain(`because ${python} has no TensorFlow`);
    expect(steps.tensorflow?.command.at(-1)).toMatch(new RegExp(`^tensorflow(-cpu)?==${tensorflowVersion}$`));
    expect(tensorflowFolder).toBe(join(staging, 'python/lib/python3.12/site-packages/tensorflow'));
    expect(contents(cacheFolder)).toEqual([]);
  });

  it('takes the TensorFlow of the Python, unless that one will not do', async () => {
    const cacheFolder = newFolder();
    const good = emptyTensorflow();
    const taken = await planNativeInstall({ python: pythonWith({ tensorflow: good }), cacheFolder });
    expect(taken.tensorflowFolder).toBe(good);
    expect(taken.steps.tensorflow).toBeUndefined();
    const old = emptyTensorflow({ version: '2.9.1' });
    const other = await planNativeInstall({ python: pythonWith({ tensorflow: old }), cacheFolder });
    expect(other.steps.environment?.description).toContain(`because TensorFlow 2.9.1 in ${old} is too old`);
  });

  it('has a place of its own to work in, each time', async () => {
    const options = { tensorflow: emptyTensorflow(), cacheFolder: newFolder() };
    const [first, second] = [await planNativeInstall(options), await planNativeInstall(options)];
    expect(first.folder).toBe(second.folder);
    expect(first.staging).not.toBe(second.staging);
  });

  it('finds what is installed and works, for what is asked', async () => {
    const cacheFolder = newFolder();
    const tensorflow = emptyTensorflow();
    const { folder } = await installed(cacheFolder, { tensorflowFolder: tensorflow, index: WORKING_PACKAGE });
    const existing = async (options: object) =>
      (await planNativeInstall({ tensorflow, cacheFolder, ...options })).existing;
    expect((await existing({}))?.folder).toBe(folder);
    expect(await existing({ force: true })).toBeUndefined();
    expect(await existing({ tensorflow: emptyTensorflow() })).toBeUndefined();
    const index = join(folder, 'node_modules/@tensorflow/tfjs-node/index.js');
    writeFileSync(index, "throw new Error('no luck')");
    expect(await existing({})).toBeUndefined();
    writeFileSync(index, WORKING_PACKAGE);
    rmSync(join(folder, 'installation.json'));
    expect(await existing({})).toBeUndefined();
  });
});
