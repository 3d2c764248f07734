import * as tf from '@tensorflow/tfjs';
import { randomNumbers } from '../support.js';

/** A tensor as its numbers, row by row. */
export interface Elements {
  shape: number[];
  values: number[];
}

/** Numbers that are all different, so that each shows where it came from. */
export function distinct(shape: number[]): Elements {
  return { shape, values: Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => i + 1) };
}

export function random(shape: number[], seed = 1): Elements {
  return { shape, values: Array.from(randomNumbers(tf.util.sizeFromShape(shape), seed)) };
}

/** All positions of a tensor, in the order of its elements. */
export function positionsOf(shape: number[]): number[][] {
  return shape.reduce<number[][]>(
    (positions, size) => positions.flatMap((position) => Array.from({ length: size }, (_, i) => [...position, i])),
    [[]],
  );
}

/** The element at a position. */
export function elementAt({ shape, values }: Elements, position: number[]): number {
  return values[position.reduce((place, i, axis) => place * shape[axis]! + i, 0)]!;
}

/** The tensor of this shape whose element at each position is what the function says. */
export function tensorOf(shape: number[], element: (position: number[]) => number): Elements {
  return { shape, values: positionsOf(shape).map(element) };
}

/** Position in a tensor of `shape` of what is at `position` in one that it is broadcast to. */
export function broadcastPosition(shape: number[], position: number[]): number[] {
  const own = position.slice(position.length - shape.length);
  return own.map((i, axis) => (shape[axis] === 1 ? 0 : i));
}

export function upload({ shape, values }: Elements, dtype: 'float32' | 'int32' | 'bool' = 'float32'): tf.Tensor {
  return tf.tensor(values, shape, dtype);
}

/** Shape and numbers of what `compute` returns; all other tensors that it makes are disposed of. */
export function evaluate(compute: () => tf.Tensor): Elements {
  return tf.tidy(() => {
    const result = compute();
    return { shape: result.shape, values: Array.from(result.dataSync()) };
  });
}

/** Shape, type and numbers of a call of one kernel, which must leave no tensors behind but its result. */
export function evaluateOnce(inputs: tf.Tensor[], run: (...inputs: tf.Tensor[]) => tf.Tensor) {
  const before = tf.memory();
  const result = run(...inputs);
  const { shape, dtype } = result;
  const values = Array.from(result.dataSync());
  result.dispose();
  const { numTensors, numDataBuffers } = tf.memory();
  tf.dispose(inputs);
  return {
    shape,
    dtype,
    values,
    leaks: [numTensors - before.numTensors, numDataBuffers - before.numDataBuffers],
  };
}
