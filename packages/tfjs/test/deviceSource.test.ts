import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { deviceSource, type GatherableDataset, type TensorBatch, tensorSource } from '../src/index.js';
import { countReads } from './deviceTools.js';

/** Twenty samples of two values, and their numbers as labels; `view` mirrors half of them. */
const datasetOf = (mirrored: (index: number, view?: number) => boolean): GatherableDataset => ({
  size: 20,
  gather: (indices, _into, view) => ({
    inputs: {
      data: Float32Array.from(
        [...indices].flatMap((index) => (mirrored(index, view) ? [-index, index] : [index, -index])),
      ),
      shape: [indices.length, 2],
    },
    targets: { data: indices.slice(), shape: [indices.length] },
  }),
});

async function valuesOf({ inputs, targets }: TensorBatch) {
  const [x, y] = [inputs as tf.Tensor, targets as tf.Tensor];
  const values = { x: await x.array(), y: await y.array(), dtype: y.dtype };
  tf.dispose([x, y]);
  return values;
}

describe('samples on the device', () => {
  it('are uploaded once and taken by indices from either side, without a read', async () => {
    const before = tf.memory().numTensors;
    const source = deviceSource(datasetOf(() => false));
    const indices = tf.tensor1d([19, 0, 3, 3], 'int32');
    const reads = countReads();
    const rows = source.takeRows(indices);
    expect(reads).toMatchObject({ ofTensors: 0, ofKernels: 0 });
    reads.stop();
    const expected = {
      x: [
        [19, -19],
        [0, -0],
        [3, -3],
        [3, -3],
      ],
      y: [19, 0, 3, 3],
      dtype: 'int32',
    };
    expect(await valuesOf(rows)).toEqual(expected);
    expect(await valuesOf(source.take(Int32Array.of(19, 0, 3, 3)))).toEqual(expected);
    indices.dispose();
    source.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('are taken of any shape and type', async () => {
    const x = tf.range(0, 24).reshape([4, 3, 2]);
    const source = tensorSource([x, tf.range(0, 4)], tf.tensor1d([3, 2, 1, 0], 'int32'));
    const indices = tf.tensor1d([2, 0], 'int32');
    const { inputs, targets } = source.takeRows(indices);
    const [images, numbers] = inputs as tf.Tensor[];
    expect(await images.array()).toEqual([
      [
        [12, 13],
        [14, 15],
        [16, 17],
      ],
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    ]);
    expect(await numbers.array()).toEqual([2, 0]);
    expect(await (targets as tf.Tensor).array()).toEqual([1, 3]);
  });

  it('are refused if they are augmented', () => {
    const augmented = datasetOf((index, view) => view !== undefined && (7 * index + view) % 2 === 0);
    const refusal = /augmented.*the data set without augmentation.*`train`/;
    expect(() => deviceSource(augmented)).toThrow(refusal);

    const inputs = { data: new Float32Array(40), shape: [20, 2] };
    const sharing: GatherableDataset = {
      size: 20,
      gather: (indices, _into, view) => {
        const gathered = augmented.gather(indices, undefined, view);
        inputs.data.set(gathered.inputs.data as Float32Array);
        return {
          inputs: { data: inputs.data.subarray(0, 2 * indices.length), shape: [indices.length, 2] },
          targets: gathered.targets,
        };
      },
    };
    expect(() => deviceSource(sharing)).toThrow(refusal);
  });

  it('are refused by indices that are none', () => {
    const source = tensorSource(tf.zeros([5, 2]), tf.zeros([5]));
    expect(() => source.take(Int32Array.of(0, 5))).toThrow('indices[1] is 5; it must be in [0, 5).');
    expect(() => source.take(Int32Array.of(-1))).toThrow('indices[0] is -1');
  });
});
