import { createHash } from 'node:crypto';
import { classSizes, type Dataset, loadCifar10 } from '@gradis/datasets';
import { describe, expect, it } from 'vitest';
import { cifar10Package } from '../src/experiments/cifar10Cnn.js';
import { findPackage } from '../src/packages/findPackage.js';

/** MD5 of samples `first` to `end` in the format of CIFAR-10's binary version: class, all reds, all greens, all blues. */
function md5OfRecords({ inputs, targets }: Dataset, first: number, end: number): string {
  const records = new Uint8Array((end - first) * 3073);
  for (let i = first; i < end; i++) {
    const record = records.subarray((i - first) * 3073);
    record[0] = targets.data[i] as number;
    for (let channel = 0; channel < 3; channel++) {
      for (let pixel = 0; pixel < 1024; pixel++) {
        record[1 + channel * 1024 + pixel] = inputs.data[i * 3072 + pixel * 3 + channel] as number;
      }
    }
  }
  return createHash('md5').update(records).digest('hex');
}

const folder = await findPackage(cifar10Package);

describe('the data of cifar10-cnn', () => {
  it.runIf(folder)(
    'is CIFAR-10: its 60,000 images, rewritten as records, are the official files',
    { timeout: 300_000 },
    async () => {
      const { train, test } = await loadCifar10(folder as string);
      expect([...classSizes(train), ...classSizes(test)]).toEqual([...Array(10).fill(5000), ...Array(10).fill(1000)]);
      const batches = [0, 1, 2, 3, 4].map((k) => md5OfRecords(train, 10_000 * k, 10_000 * (k + 1)));
      expect([...batches, md5OfRecords(test, 0, 10_000)]).toEqual([
        '5dd7e06a14cb22eb9f671a540d1b7c25',
        '5ea93a67294ea407fff1d09f752e9692',
        '942cd6a4bcdd0dd3c604fbe906cb4421',
        'ae636b3ba5c66a11e91e8cb52e771fcb',
        '53f37980c15c3d472c316c40844f3f0d',
        '803d5f7f4d78ea53de84dbe85f74fb6d',
      ]);
    },
  );
});
