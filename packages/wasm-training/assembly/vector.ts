// What every kernel shares: addresses of floats and the multiply-add.
// RELAXED is a build constant: 1 in the module that uses relaxed SIMD, 0 in the plain one.

/** Bytes of a float32. */
export const FLOAT: usize = 4;
/** Bytes of a vector of four float32. */
export const VECTOR: usize = 16;

/** Address of the float `index` places after `base`. */
@inline export function at(base: usize, index: i32): usize { return base + (<usize>index << 2); }

/** Bytes of the part of `count` floats that fills whole vectors. */
@inline export function vectorBytes(count: i32): usize { return <usize>(count & ~3) << 2; }

@inline export function min(a: i32, b: i32): i32 { return a < b ? a : b; }

/** a · b + sum: one rounding with relaxed SIMD where the processor has it, two without. */
@inline export function multiplyAdd(a: v128, b: v128, sum: v128): v128 {
  return RELAXED ? f32x4.relaxed_madd(a, b, sum) : f32x4.add(sum, f32x4.mul(a, b));
}

/** |y| with the sign of x. */
@inline export function withSign(y: v128, x: v128): v128 {
  return v128.bitselect(x, y, i32x4.splat(i32.MIN_VALUE));
}

// A loop over whole vectors leaves up to three floats over. With these both loops share one formula: `isVector` is a constant.

/** Four floats, or one in all lanes. */
@inline export function take(address: usize, isVector: bool): v128 {
  return isVector ? v128.load(address) : v128.load_splat<f32>(address);
}

/** Stores four floats, or the first of them. */
@inline export function put(address: usize, x: v128, isVector: bool): void {
  if (isVector) v128.store(address, x);
  else v128.store_lane<f32>(address, x, 0);
}
