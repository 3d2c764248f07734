// Choices between the elements of two tensors.

import { copyBytes } from './copy';
import { FLOAT, VECTOR, at, put, take, vectorBytes } from './vector';

/** outᵢ = tᵢ where conditionᵢ is not 0, eᵢ where it is: `count` truth values of 1 byte each, for pieces of so many bytes. */
export function choose(condition: usize, t: usize, e: usize, out: usize, count: i32, bytes: i32): void {
  if (bytes == <i32>FLOAT) {
    chooseNumbers(condition, t, e, out, count);
    return;
  }
  for (let i = 0; i < count; i++, t += bytes, e += bytes, out += bytes) {
    copyBytes(load<u8>(condition + i) ? t : e, out, bytes);
  }
}

function chooseNumbers(condition: usize, t: usize, e: usize, out: usize, count: i32): void {
  const vectors = vectorBytes(count), bytes = at(0, count);
  let i: usize = 0;
  for (; i < vectors; i += VECTOR, condition += 4) {
    // A truth value for each lane.
    const truths = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(condition)));
    chooseAt(truths, t + i, e + i, out + i, true);
  }
  for (; i < bytes; i += FLOAT, condition++) chooseAt(i32x4.splat(load<u8>(condition)), t + i, e + i, out + i, false);
}

@inline function chooseAt(truths: v128, t: usize, e: usize, out: usize, isVector: bool): void {
  const isTrue = i32x4.ne(truths, i32x4.splat(0));
  put(out, v128.bitselect(take(t, isVector), take(e, isVector), isTrue), isVector);
}
