// exp of four floats at once.

/** log₂ e, and ln 2 in two parts whose sum is exact to 40 bits: n · LN2_HIGH is exact for every n that occurs. */
const LOG2_E: f32 = 1.44269504;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;

/** Beyond these, exp leaves the normal float32 numbers. */
const LOWEST: f32 = -87.3;
const HIGHEST: f32 = 88.3;

/**
 * 2ⁿ · exp(r) with |r| ≤ ½ ln 2; the Taylor polynomial of degree 7 is right to 6e-9 there. NaN stays NaN, and 0 is what
 * would be smaller than the normal numbers.
 */
export function exp(x: v128): v128 {
  const bounded = f32x4.min(f32x4.max(x, f32x4.splat(LOWEST)), f32x4.splat(HIGHEST));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(LOG2_E)));
  let r = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = f32x4.splat(1.0 / 5040.0);
  p = term(p, r, 1.0 / 720.0);
  p = term(p, r, 1.0 / 120.0);
  p = term(p, r, 1.0 / 24.0);
  p = term(p, r, 1.0 / 6.0);
  p = term(p, r, 0.5);
  p = term(p, r, 1.0);
  p = term(p, r, 1.0);
  const exponent = i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127));
  const power = f32x4.mul(p, i32x4.shl(exponent, 23));
  return v128.andnot(power, f32x4.lt(x, f32x4.splat(LOWEST)));
}

@inline function term(p: v128, r: v128, coefficient: f32): v128 {
  return f32x4.add(f32x4.mul(p, r), f32x4.splat(coefficient));
}
