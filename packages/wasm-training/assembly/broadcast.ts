// Functions of two numbers over tensors that broadcast against each other. The result lies in one piece.

import { Loop } from './Loop';
import { FLOAT, VECTOR, at, put, take, vectorBytes } from './vector';

/**
 * Nested loops, one at least, that move `a` by their first step and `b` by their second one. The innermost one is a `Row`: it
 * moves a and b by one element, or one of them not at all. Returns the end of the result.
 */
export function overRows<Row>(loopsAt: usize, loops: i32, a: usize, b: usize, out: usize): usize {
  const loop = changetype<Loop>(loopsAt), row = changetype<Row>(<usize>0);
  if (loops == 1) return row.write(a, b, out, loop.count, loop.first == 0, loop.second == 0);
  for (let i = 0; i < loop.count; i++) {
    out = overRows<Row>(changetype<usize>(loop.inner), loops - 1, a, b, out);
    a += loop.first;
    b += loop.second;
  }
  return out;
}

/** A row of results of 4 bytes each. */
export class NumberRow<F> {
  write(a: usize, b: usize, out: usize, count: i32, isOneA: bool, isOneB: bool): usize {
    const f = changetype<F>(<usize>0);
    const vectors = vectorBytes(count), bytes = at(0, count);
    let i: usize = 0;
    for (; i < vectors; i += VECTOR) put(out + i, f.of(next(a, i, isOneA, true), next(b, i, isOneB, true)), true);
    for (; i < bytes; i += FLOAT) put(out + i, f.of(next(a, i, isOneA, false), next(b, i, isOneB, false)), false);
    return out + bytes;
  }
}

/** A row of truth values of 1 byte each, 0 or 1, of a function that gives all bits or none. */
export class TruthRow<F> {
  write(a: usize, b: usize, out: usize, count: i32, isOneA: bool, isOneB: bool): usize {
    const f = changetype<F>(<usize>0);
    const vectors = vectorBytes(count), bytes = at(0, count);
    let i: usize = 0;
    for (; i < vectors; i += VECTOR, out += 4) {
      store<u32>(out, bytesOf(f.of(next(a, i, isOneA, true), next(b, i, isOneB, true))));
    }
    for (; i < bytes; i += FLOAT, out++) {
      store<u8>(out, bytesOf(f.of(next(a, i, isOneA, false), next(b, i, isOneB, false))));
    }
    return out;
  }
}

/** Four truth values as bytes: the product brings bit k to the places k, k + 7, k + 14 and k + 21, of which k + 7 k stays. */
@inline function bytesOf(truths: v128): u32 { return (<u32>i32x4.bitmask(truths) * 0x00204081) & 0x01010101; }

/** The numbers so many bytes after the first one, or that one in all lanes. */
@inline function next(base: usize, bytes: usize, isOne: bool, isVector: bool): v128 {
  return isOne ? v128.load_splat<f32>(base) : take(base + bytes, isVector);
}
