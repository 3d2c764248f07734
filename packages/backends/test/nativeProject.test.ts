import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { loadNative } from '../src/native/loadNative.js';
import { usableInstallations } from '../src/native/NativeInstallation.js';
import { newFolder, removeFolders } from './nativeSupport.js';

const [real] = await usableInstallations();

afterAll(removeFolders);

describe.skipIf(!real)("a project's own package with an addon (gradis native install makes one)", () => {
  it('is loaded once by all calls at the same time, and becomes the backend where there was none', async () => {
    // An installation is a project with such a package.
    const options = { projectFolder: real!.folder, cacheFolder: newFolder(), gpu: false };
    const [first, second] = await Promise.all([loadNative(options), loadNative(options)]);
    expect(first).toEqual(second);
    const { packageName, tensorflowVersion } = real!;
    expect(first).toMatchObject({ source: 'project', packageName, tensorflowVersion, isUsingGpu: false });
    expect(tf.getBackend()).toBe('tensorflow');
    expect(Array.from(tf.tidy(() => tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()))).toEqual([3, 3, 3, 3]);
  });
});
