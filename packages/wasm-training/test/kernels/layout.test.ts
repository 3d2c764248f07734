import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { distinct, elementAt, evaluate, evaluateOnce, tensorOf, upload } from './layoutReferences.js';

beforeAll(async () => {
  await installWasmTraining();
});

const noLeaks = [0, 0];
const floats = { dtype: 'float32', leaks: noLeaks } as const;

/** Tensors of these shapes without a number in common. */
function tensorsOf(shapes: number[][]) {
  return shapes.map((shape, i) => ({ shape, values: distinct(shape).values.map((value) => value + 1000 * i) }));
}

describe('concat puts tensors one after the other', () => {
  it.each([
    [0, [[2], [3], [1]]],
    [
      0,
      [
        [2, 3],
        [1, 3],
      ],
    ],
    [
      1,
      [
        [2, 3],
        [2, 5],
        [2, 1],
      ],
    ],
    [
      1,
      [
        [1, 3],
        [1, 5],
      ],
    ],
    [
      1,
      [
        [4, 1],
        [4, 1],
      ],
    ],
    [
      1,
      [
        [3, 2, 4],
        [3, 5, 4],
      ],
    ],
    [
      2,
      [
        [3, 2, 4],
        [3, 2, 17],
      ],
    ],
    [
      3,
      [
        [2, 3, 2, 4],
        [2, 3, 2, 2],
        [2, 3, 2, 1],
      ],
    ],
    [
      2,
      [
        [2, 3, 1, 5],
        [2, 3, 70, 5],
      ],
    ],
    [
      1,
      [
        [2, 0],
        [2, 3],
      ],
    ],
    [
      0,
      [
        [0, 3],
        [2, 3],
        [0, 3],
      ],
    ],
    [
      1,
      [
        [0, 2],
        [0, 3],
      ],
    ],
  ])('along axis %d: %j', (axis, shapes) => {
    const tensors = tensorsOf(shapes);
    const y = evaluateOnce(
      tensors.map((tensor) => upload(tensor)),
      (...inputs) => tf.concat(inputs, axis),
    );
    const outShape = shapes[0]!.map((size, i) => (i === axis ? shapes.reduce((sum, s) => sum + s[i]!, 0) : size));
    const expected = tensorOf(outShape, (position) => {
      let place = position[axis]!;
      const tensor = tensors.find(({ shape }) => {
        if (place < shape[axis]!) return true;
        place -= shape[axis]!;
        return false;
      })!;
      return elementAt(tensor, position.with(axis, place));
    });
    expect(y).toEqual({ ...expected, ...floats });
  });

  it.each(['int32', 'bool'] as const)('of %s', (dtype) => {
    const y = evaluateOnce(
      [
        tf.tensor2d([[1], [0]], [2, 1], dtype),
        tf.tensor2d(
          [
            [0, 1],
            [1, 1],
          ],
          [2, 2],
          dtype,
        ),
      ],
      (a, b) => tf.concat([a, b], 1),
    );
    expect(y).toEqual({ shape: [2, 3], values: [1, 0, 1, 0, 1, 1], dtype, leaks: noLeaks });
  });

  it('of strings, and of integers after floats, as ever', () => {
    expect(tf.concat([tf.tensor1d(['a']), tf.tensor1d(['b', 'c'])]).dataSync()).toEqual(['a', 'b', 'c']);
    const mixed = evaluate(() => tf.concat([tf.tensor1d([0.5]), tf.tensor1d([2], 'int32')]));
    expect(mixed.values).toEqual([0.5, 2]);
  });

  it('refuses shapes that do not fit', () => {
    const run = () => tf.concat([tf.zeros([2, 3]), tf.zeros([3, 3])], 1);
    expect(run).toThrow(/concat2D/i);
  });

  it('has pieces of dy as its gradients', () => {
    const [da, db] = tf.grads((a, b) => tf.concat([a, b], 1))(
      [tf.zeros([2, 1]), tf.zeros([2, 2])],
      upload(distinct([2, 3])),
    );
    expect([Array.from(da!.dataSync()), Array.from(db!.dataSync())]).toEqual([
      [1, 4],
      [2, 3, 5, 6],
    ]);
    tf.dispose([da!, db!]);
  });
});

describe('stack puts tensors side by side', () => {
  it.each([
    [0, [], 3],
    [0, [4], 2],
    [1, [4], 3],
    [0, [2, 3], 1],
    [1, [2, 3], 4],
    [2, [2, 3], 4],
    [1, [2, 1, 5], 3],
    [3, [2, 3, 5], 2],
    [1, [2, 0], 2],
  ])('along axis %d: tensors [%s], %d of them', (axis, shape, count) => {
    const tensors = tensorsOf(Array.from({ length: count }, () => shape));
    const y = evaluateOnce(
      tensors.map((tensor) => upload(tensor)),
      (...inputs) => tf.stack(inputs, axis),
    );
    const expected = tensorOf([...shape.slice(0, axis), count, ...shape.slice(axis)], (position) =>
      elementAt(tensors[position[axis]!]!, position.toSpliced(axis, 1)),
    );
    expect(y).toEqual({ ...expected, ...floats });
  });

  it('is undone by unstack, for its gradient too', () => {
    const [da, db] = tf.grads((a, b) => tf.stack([a, b], 1))([tf.zeros([3]), tf.zeros([3])], upload(distinct([3, 2])));
    expect([Array.from(da!.dataSync()), Array.from(db!.dataSync())]).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
    tf.dispose([da!, db!]);
  });

  it('refuses shapes and types that differ', () => {
    expect(() => tf.stack([tf.zeros([2]), tf.zeros([3])])).toThrow();
    const inputs = [tf.zeros([2]), tf.zeros([2], 'int32')] as unknown as tf.NamedTensorMap;
    expect(() => tf.engine().runKernel('Pack', inputs, { axis: 0 })).toThrow(/matching dtypes/);
  });
});

describe('pad puts a value around a tensor', () => {
  it.each<[number[], [number, number][], number]>([
    [[3], [[1, 2]], 0],
    [[3], [[0, 0]], 7],
    [
      [2, 3],
      [
        [1, 0],
        [0, 2],
      ],
      0,
    ],
    [
      [2, 3],
      [
        [0, 0],
        [4, 1],
      ],
      -1.5,
    ],
    [
      [2, 3, 4],
      [
        [0, 1],
        [2, 0],
        [0, 0],
      ],
      0,
    ],
    [
      [2, 3, 4],
      [
        [0, 0],
        [0, 0],
        [1, 1],
      ],
      9,
    ],
    [
      [2, 3, 2, 5],
      [
        [0, 0],
        [1, 1],
        [1, 2],
        [0, 0],
      ],
      0,
    ],
    [
      [2, 1, 2, 3, 2],
      [
        [1, 0],
        [0, 1],
        [1, 1],
        [0, 0],
        [2, 0],
      ],
      0,
    ],
    [
      [0, 3],
      [
        [1, 1],
        [0, 1],
      ],
      5,
    ],
    [
      [2, 0],
      [
        [0, 0],
        [1, 2],
      ],
      5,
    ],
  ])('[%s] by %j with %d', (shape, paddings, value) => {
    const x = distinct(shape);
    const y = evaluateOnce([upload(x)], (tensor) => tf.pad(tensor, paddings, value));
    const outShape = shape.map((size, axis) => paddings[axis]![0] + size + paddings[axis]![1]);
    const expected = tensorOf(outShape, (position) => {
      const own = position.map((i, axis) => i - paddings[axis]![0]);
      return own.every((i, axis) => i >= 0 && i < shape[axis]!) ? elementAt(x, own) : value;
    });
    expect(y).toEqual({ ...expected, ...floats });
  });

  it.each(['int32', 'bool'] as const)('of %s', (dtype) => {
    const y = evaluateOnce([tf.tensor1d([1, 0], dtype)], (x) => tf.pad(x, [[1, 2]], 1));
    expect(y).toEqual({ shape: [5], values: [1, 1, 0, 1, 1], dtype, leaks: noLeaks });
  });

  it('has the inner part of dy as its gradient', () => {
    const gradient = tf.grad((x) =>
      tf.pad(x, [
        [1, 0],
        [0, 2],
      ]),
    );
    expect(evaluate(() => gradient(tf.zeros([1, 2]), upload(distinct([2, 4])))).values).toEqual([5, 6]);
  });
});

describe('reverse turns a tensor round', () => {
  it.each([
    [[5], [0]],
    [[1], [0]],
    [[4, 3], [0]],
    [[4, 3], [1]],
    [
      [4, 3],
      [0, 1],
    ],
    [[2, 3, 4], [1]],
    [
      [2, 3, 4],
      [0, 2],
    ],
    [[2, 5, 17], [-2]],
    [
      [2, 3, 4, 5],
      [1, 2],
    ],
    [
      [2, 3, 4, 5],
      [0, 1, 2, 3],
    ],
    [[0, 3], [1]],
    [[2, 3], []],
  ])('[%s] along axes [%s]', (shape, axes) => {
    const x = distinct(shape);
    const y = evaluateOnce([upload(x)], (tensor) => tf.reverse(tensor, axes));
    const turned = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
    const expected = tensorOf(shape, (position) =>
      elementAt(
        x,
        position.map((i, axis) => (turned.includes(axis) ? shape[axis]! - 1 - i : i)),
      ),
    );
    expect(y).toEqual({ ...expected, ...floats });
  });

  it('of int32', () => {
    const y = evaluateOnce([tf.tensor1d([1, 2, 3], 'int32')], (x) => tf.reverse(x, 0));
    expect(y).toEqual({ shape: [3], values: [3, 2, 1], dtype: 'int32', leaks: noLeaks });
  });
});

describe('tile repeats a tensor along its axes', () => {
  it.each([
    [[1], [5]],
    [[3], [1]],
    [[3], [4]],
    [
      [2, 3],
      [2, 1],
    ],
    [
      [2, 3],
      [1, 2],
    ],
    [
      [2, 3],
      [3, 2],
    ],
    [
      [1, 17],
      [9, 1],
    ],
    [
      [6, 1],
      [1, 19],
    ],
    [
      [2, 1, 5],
      [1, 3, 1],
    ],
    [
      [2, 1, 5],
      [3, 2, 2],
    ],
    [
      [1, 1, 1, 8],
      [2, 3, 4, 1],
    ],
    [
      [2, 3, 2, 2],
      [2, 1, 3, 2],
    ],
    [
      [2, 1, 2, 1, 2],
      [1, 2, 1, 3, 1],
    ],
    [
      [1, 300],
      [3, 1],
    ],
    [
      [2, 3],
      [0, 2],
    ],
    [
      [0, 3],
      [2, 2],
    ],
  ])('[%s] by [%s]', (shape, reps) => {
    const x = distinct(shape);
    const y = evaluateOnce([upload(x)], (tensor) => tf.tile(tensor, reps));
    const outShape = shape.map((size, axis) => size * reps[axis]!);
    const expected = tensorOf(outShape, (position) =>
      elementAt(
        x,
        position.map((i, axis) => i % shape[axis]!),
      ),
    );
    expect(y).toEqual({ ...expected, ...floats });
  });

  it.each(['int32', 'bool'] as const)('of %s', (dtype) => {
    const y = evaluateOnce([tf.tensor2d([[1, 0]], [1, 2], dtype)], (x) => tf.tile(x, [2, 2]));
    expect(y).toEqual({ shape: [2, 4], values: [1, 0, 1, 0, 1, 0, 1, 0], dtype, leaks: noLeaks });
  });

  it('makes broadcastTo fast too', () => {
    expect(evaluate(() => tf.broadcastTo(tf.tensor2d([[1], [2]]), [2, 3])).values).toEqual([1, 1, 1, 2, 2, 2]);
  });
});
