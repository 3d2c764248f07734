import { ArrayDataset } from './ArrayDataset.js';
import type { Dataset } from './Dataset.js';
import { type FileSource, listFolder } from './files.js';
import type { Idx } from './parseIdx.js';
import { readIdx } from './readIdx.js';
import type { TrainTest } from './TrainTest.js';

/** The four files of MNIST, each as a path or as bytes, gzip-compressed or not. */
export interface MnistFiles {
  trainImages: FileSource;
  trainLabels: FileSource;
  testImages: FileSource;
  testLabels: FileSource;
}

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/**
 * Loads MNIST (or a set in the same files, such as KMNIST) from a folder or from buffers.
 *
 * Inputs are images of shape [28, 28, 1], bytes read as grey values in [0, 1]; targets are digits 0 to 9.
 * The complete set has 60,000 training and 10,000 test images; files with fewer are accepted.
 *
 * @param source A folder with the four files under their official names (`train-images-idx3-ubyte` …, also with a dot
 *   as in `train-images.idx3-ubyte`, also with `.gz`), or the four files themselves.
 * @throws Error if a file is missing, damaged or not of MNIST's form, or if images and labels differ in number.
 *
 * LeCun, Cortes, Burges: The MNIST database of handwritten digits.
 *
 * @example
 * ```ts
 * import { loadMnist } from '@gradis/datasets';
 *
 * // Two blank images and their labels, in the format of the official files.
 * const images = new Uint8Array(16 + 2 * 28 * 28);
 * images.set([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28]);
 * const labels = new Uint8Array([0, 0, 8, 1, 0, 0, 0, 2, 7, 1]);
 *
 * const { train } = await loadMnist({ trainImages: images, trainLabels: labels, testImages: images, testLabels: labels });
 * console.log(train.size, train.inputs.shape, train.targets.data); // → 2 [ 28, 28, 1 ] Uint8Array(2) [ 7, 1 ]
 * ```
 */
export async function loadMnist(source: string | MnistFiles): Promise<TrainTest> {
  const files = typeof source === 'string' ? await findFiles(source) : source;
  const { trainImages, trainLabels, testImages, testLabels } = files;
  return {
    train: await loadSplit('mnist-train', trainImages, trainLabels),
    test: await loadSplit('mnist-test', testImages, testLabels),
  };
}

async function findFiles(folder: string): Promise<MnistFiles> {
  const present = new Set(await listFolder(folder));
  const find = (name: string): string => {
    const dotted = name.replace('-idx', '.idx');
    const found = [name, dotted, `${name}.gz`, `${dotted}.gz`].find((candidate) => present.has(candidate));
    if (!found) {
      throw new Error(`"${folder}" holds neither ${name} nor ${name}.gz; give the folder with MNIST's four files.`);
    }
    return `${folder}/${found}`;
  };
  return {
    trainImages: find('train-images-idx3-ubyte'),
    trainLabels: find('train-labels-idx1-ubyte'),
    testImages: find('t10k-images-idx3-ubyte'),
    testLabels: find('t10k-labels-idx1-ubyte'),
  };
}

async function loadSplit(name: string, imageSource: FileSource, labelSource: FileSource): Promise<Dataset> {
  const images = await readBytesOfShape(`${name} images`, imageSource, [28, 28]);
  const labels = await readBytesOfShape(`${name} labels`, labelSource, []);
  if (images.shape[0] !== labels.shape[0]) {
    throw new Error(
      `${name}: ${images.shape[0]} images but ${labels.shape[0]} labels; the two files do not belong together.`,
    );
  }
  return new ArrayDataset({
    name,
    inputs: { data: images.data, shape: [28, 28, 1], scale: 1 / 255 },
    targets: { data: labels.data, shape: [] },
    classNames: DIGITS,
  });
}

async function readBytesOfShape(
  what: string,
  source: FileSource,
  sampleShape: readonly number[],
): Promise<Extract<Idx, { type: 'uint8' }>> {
  const name = typeof source === 'string' ? source : what;
  const idx = await readIdx(source, { name });
  const [size, ...shape] = idx.shape;
  if (idx.type !== 'uint8' || String(shape) !== String(sampleShape) || size === 0) {
    const expected = ['n ≥ 1', ...sampleShape].join(',');
    throw new Error(
      `${name} holds ${idx.type} [${idx.shape}]; ${what} are uint8 [${expected}]. Are the files mixed up?`,
    );
  }
  return idx;
}
