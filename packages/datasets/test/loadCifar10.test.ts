import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadCifar10 } from '../src/index.js';
import { encodePng } from './fixtures.js';

/** Pixels of `count` images, red, green and blue together; the planes of a record hold them apart. */
const pixelsOf = (count: number, start = 0) => Uint8Array.from({ length: 3072 * count }, (_, i) => (start + i) % 251);

/** A record written by the definition of the format: the class, all reds, all greens, all blues. */
const recordOf = (label: number, pixels: Uint8Array) => {
  const plane = (channel: number) => pixels.filter((_, i) => i % 3 === channel);
  return Uint8Array.from([label, ...plane(0), ...plane(1), ...plane(2)]);
};

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

const records = {
  train: [recordOf(6, pixelsOf(1)), Uint8Array.from([...recordOf(9, pixelsOf(1, 1)), ...recordOf(0, pixelsOf(1, 2))])],
  test: recordOf(3, pixelsOf(1, 3)),
};
const images = {
  trainImages: [
    encodePng(1024, 3, pixelsOf(1)),
    encodePng(1024, 3, Uint8Array.from([...pixelsOf(1, 1), ...pixelsOf(1, 2)])),
  ],
  trainLabels: json([6, 9, 0]),
  testImages: encodePng(1024, 3, pixelsOf(1, 3)),
  testLabels: json([3]),
};

describe('loadCifar10', () => {
  test.each([
    ['records', records],
    ['pictures', images],
  ])('gives images in [−1, 1] of shape [32, 32, 3] and classes, from %s', async (_, source) => {
    const { train, test: held } = await loadCifar10(source);
    expect([train.name, train.size, held.name, held.size]).toEqual(['cifar10-train', 3, 'cifar10-test', 1]);
    expect(train.classNames?.[6]).toBe('frog');
    const { inputs, targets } = train.gather(new Int32Array([2]));
    expect(inputs.shape).toEqual([1, 32, 32, 3]);
    pixelsOf(1, 2).forEach((byte, i) => {
      expect(inputs.data[i]).toBeCloseTo((byte / 255) * 2 - 1, 6);
    });
    expect(targets.data).toEqual(new Int32Array([0]));
    expect([...train.targets.data, ...held.targets.data]).toEqual([6, 9, 0, 3]);
    expect(held.inputs.data).toEqual(pixelsOf(1, 3));
  });

  test.each([
    [
      'a file cut short',
      { test: records.test.subarray(0, 3000) },
      'cifar10-test, file 1 holds 3000 bytes; CIFAR-10 has 3073',
    ],
    ['a file with something behind', { train: [new Uint8Array(3074)] }, 'cifar10-train, file 1 holds 3074 bytes'],
    ['an empty file', { train: [records.test, new Uint8Array(0)] }, 'cifar10-train, file 2 holds 0 bytes'],
    ['a class that is none', { test: recordOf(10, pixelsOf(1)) }, 'cifar10-test: targets.data[0] is 10'],
  ])('refuses %s', async (_, change, message) => {
    await expect(loadCifar10({ ...records, ...change })).rejects.toThrow(message);
  });

  test.each([
    [
      'a picture cut short',
      { testImages: images.testImages.subarray(0, 300) },
      'cifar10-test images, file 1: its 300 bytes',
    ],
    ['a damaged picture', { testImages: images.testImages.slice().fill(0, 60, 64) }, 'are no complete PNG'],
    [
      'a picture of another width',
      { testImages: encodePng(512, 3, pixelsOf(1)) },
      'is a PNG of 512 × 2 pixels, 3 channels of 8 bits; it must be 1024 pixels wide',
    ],
    ['a grey picture', { testImages: encodePng(1024, 1, pixelsOf(1)) }, 'is a PNG of 1024 × 3 pixels, 1 channels'],
    ['labels that do not belong to the images', { trainLabels: json([1, 2]) }, 'cifar10-train: 3 images but 2 labels'],
    [
      'labels cut short',
      { trainLabels: json([1, 2, 3]).subarray(0, 4) },
      'cifar10-train labels: its 4 bytes are no JSON',
    ],
    ['labels that are no list', { testLabels: json({ 0: 1 }) }, 'cifar10-test labels must be a JSON array'],
    ['a class that is none', { testLabels: json([266]) }, 'cifar10-test labels[0] is 266; classes are 0 to 9'],
  ])('refuses %s', async (_, change, message) => {
    await expect(loadCifar10({ ...images, ...change })).rejects.toThrow(message);
  });

  describe('from a folder', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'gradis-cifar10-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    const batches = [1, 2, 3, 4, 5];
    const expected = { labels: [...batches, 7], size: 5 };
    const loaded = async () => {
      const { train, test: held } = await loadCifar10(folder);
      return { labels: [...train.targets.data, ...held.targets.data], size: train.size };
    };

    test('finds the official files', async () => {
      for (const k of batches) await writeFile(join(folder, `data_batch_${k}.bin`), recordOf(k, pixelsOf(1)));
      await writeFile(join(folder, 'test_batch.bin'), recordOf(7, pixelsOf(1)));
      expect(await loaded()).toEqual(expected);
      await writeFile(join(folder, 'data_batch_3.bin'), recordOf(3, pixelsOf(1)).subarray(1));
      await expect(loaded()).rejects.toThrow(
        /data_batch_3\.bin holds 3072 bytes; .* 3073 an image, 30730000 in a file/,
      );
      await rm(join(folder, 'data_batch_4.bin'));
      await expect(loaded()).rejects.toThrow('does not hold data_batch_4.bin; give the folder with the six .bin files');
    });

    test('finds the files of the npm package', async () => {
      for (const k of batches) await writeFile(join(folder, `data_batch_${k}.png`), encodePng(1024, 3, pixelsOf(1)));
      await writeFile(join(folder, 'train_lables.json'), json(batches));
      await writeFile(join(folder, 'test_batch.png'), encodePng(1024, 3, pixelsOf(1)));
      await writeFile(join(folder, 'test_lables.json'), json([7]));
      expect(await loaded()).toEqual(expected);
      await rm(join(folder, 'train_lables.json'));
      await expect(loaded()).rejects.toThrow('does not hold train_lables.json');
    });

    test('names the folder without either', async () => {
      await expect(loaded()).rejects.toThrow('does not hold data_batch_1.bin');
      await expect(loadCifar10(join(folder, 'absent'))).rejects.toThrow('Cannot list the folder');
    });
  });
});
