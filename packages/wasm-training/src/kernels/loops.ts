import { util } from '@tensorflow/tfjs';
import type { WasmHeap } from '../WasmHeap.js';

/** One of nested loops over elements: how often it runs, and how far two addresses move each time. */
export interface Loop {
  readonly count: number;
  readonly first: number;
  readonly second: number;
}

/** A loop that runs once. */
export const SINGLE: Loop = { count: 1, first: 0, second: 0 };

/** Bytes of a loop as assembly/Loop.ts has it. */
const LOOP_BYTES = 12;

/**
 * The loops over tensors of these sizes, whose elements along each axis are so far apart: as few as there can be. Axes of one
 * element are left out, and axes over which both tensors run on evenly are one loop. None of `sizes` may be 0.
 */
export function loopsOver(sizes: number[], firstStrides: number[], secondStrides: number[]): Loop[] {
  const loops: Loop[] = [];
  sizes.forEach((count, axis) => {
    if (count === 1) return;
    const [first, second] = [firstStrides[axis]!, secondStrides[axis]!];
    const outer = loops.at(-1);
    if (outer && outer.first === count * first && outer.second === count * second) {
      loops[loops.length - 1] = { count: outer.count * count, first, second };
    } else {
      loops.push({ count, first, second });
    }
  });
  return loops;
}

/** Distances of the elements of a tensor along each axis. */
export function stridesOf(shape: number[]): number[] {
  return shape.map((_, axis) => util.sizeFromShape(shape.slice(axis + 1)));
}

/** Writes the loops with steps in bytes into working memory and returns its address. */
export function putLoops(heap: WasmHeap, loops: readonly Loop[], elementBytes: number): number {
  const address = heap.scratch(LOOP_BYTES * loops.length);
  const numbers = loops.flatMap(({ count, first, second }) => [count, elementBytes * first, elementBytes * second]);
  new Int32Array(heap.bytes.buffer, address, numbers.length).set(numbers);
  return address;
}
