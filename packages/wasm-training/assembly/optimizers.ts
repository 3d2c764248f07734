// Optimiser updates in one pass. The new values go to new places: a weight must never change behind its tensor, since
// XNNPACK keeps packed copies of the weights it has seen.

import { FLOAT, VECTOR, at, vectorBytes } from './vector';

/**
 * Adam (Kingma and Ba, 2015, Algorithm 1, with the corrections moved into the two scales):
 * m' = β₁ m + (1 − β₁) g,   v' = β₂ v + (1 − β₂) g²,   w' = decay · w − rate · m' / (√(scale · v') + ε)
 */
export function adam(
  w: usize, g: usize, m: usize, v: usize, newW: usize, newM: usize, newV: usize, count: i32,
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, rate: f32, scale: f32, epsilon: f32, decay: f32,
): void {
  const vBeta1 = f32x4.splat(beta1), vRest1 = f32x4.splat(rest1);
  const vBeta2 = f32x4.splat(beta2), vRest2 = f32x4.splat(rest2);
  const vRate = f32x4.splat(rate), vScale = f32x4.splat(scale), vEpsilon = f32x4.splat(epsilon);
  const vDecay = f32x4.splat(decay);
  const vectors = vectorBytes(count), bytes = at(0, count);
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) {
    const gradient = v128.load(g + i);
    const first = f32x4.add(f32x4.mul(v128.load(m + i), vBeta1), f32x4.mul(gradient, vRest1));
    const second = f32x4.add(f32x4.mul(v128.load(v + i), vBeta2), f32x4.mul(f32x4.mul(gradient, gradient), vRest2));
    const size = f32x4.add(f32x4.sqrt(f32x4.mul(second, vScale)), vEpsilon);
    v128.store(newM + i, first);
    v128.store(newV + i, second);
    v128.store(newW + i, f32x4.sub(f32x4.mul(v128.load(w + i), vDecay), f32x4.div(f32x4.mul(first, vRate), size)));
  }
  for (; i < bytes; i += FLOAT) {
    const gradient = load<f32>(g + i);
    const first = load<f32>(m + i) * beta1 + gradient * rest1;
    const second = load<f32>(v + i) * beta2 + gradient * gradient * rest2;
    store<f32>(newM + i, first);
    store<f32>(newV + i, second);
    store<f32>(newW + i, load<f32>(w + i) * decay - first * rate / (sqrt<f32>(second * scale) + epsilon));
  }
}

/**
 * SGD with momentum: a' = μ a + g,   w' = decay · w − α a',   or with Nesterov's look-ahead decay · w − α (g + μ a').
 */
export function momentum(
  w: usize, g: usize, a: usize, newW: usize, newA: usize, count: i32,
  rate: f32, mu: f32, nesterov: bool, decay: f32,
): void {
  const vRate = f32x4.splat(rate), vMu = f32x4.splat(mu), vDecay = f32x4.splat(decay);
  const vectors = vectorBytes(count), bytes = at(0, count);
  let i: usize = 0;
  for (; i < vectors; i += VECTOR) {
    const gradient = v128.load(g + i);
    const sum = f32x4.add(f32x4.mul(v128.load(a + i), vMu), gradient);
    const direction = nesterov ? f32x4.add(gradient, f32x4.mul(sum, vMu)) : sum;
    v128.store(newA + i, sum);
    v128.store(newW + i, f32x4.sub(f32x4.mul(v128.load(w + i), vDecay), f32x4.mul(direction, vRate)));
  }
  for (; i < bytes; i += FLOAT) {
    const gradient = load<f32>(g + i);
    const sum = load<f32>(a + i) * mu + gradient;
    const direction = nesterov ? gradient + sum * mu : sum;
    store<f32>(newA + i, sum);
    store<f32>(newW + i, load<f32>(w + i) * decay - direction * rate);
  }
}
