import type { WasmHeap } from '../WasmHeap.js';

/** Bytes of a float64. */
const DOUBLE = 8;

/** y[o][i] = scale · Σᵣ x[o][r][i], of `outer` × `length` × `inner` floats at the addresses x and y. Needs working memory. */
export function sumAxis(
  heap: WasmHeap,
  x: number,
  y: number,
  outer: number,
  length: number,
  inner: number,
  scale: number,
): void {
  heap.module.sumAxis(x, y, outer, length, inner, scale, heap.scratch(DOUBLE * inner));
}
