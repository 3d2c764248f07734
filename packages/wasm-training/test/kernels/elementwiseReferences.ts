import * as tf from '@tensorflow/tfjs';

/** erf in float64: the power series, and the continued fraction of 1 − erf where that is small. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size >= 2.5) {
    let fraction = 0;
    for (let k = 80; k >= 1; k--) fraction = k / 2 / (size + fraction);
    return Math.sign(x) * (1 - Math.exp(-size * size) / Math.sqrt(Math.PI) / (size + fraction));
  }
  let term = x;
  let sum = x;
  for (let k = 1; k < 60; k++) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const gaussian = (x: number) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);

/** A function of one number with its first two derivatives, in float64. */
export interface ReferenceFunction {
  name: string;
  op: (x: tf.Tensor) => tf.Tensor;
  value: (x: number) => number;
  slope: (x: number) => number;
  curvature: (x: number) => number;
}

export const referenceFunctions: ReferenceFunction[] = [
  { name: 'sin', op: tf.sin, value: Math.sin, slope: Math.cos, curvature: (x) => -Math.sin(x) },
  { name: 'cos', op: tf.cos, value: Math.cos, slope: (x) => -Math.sin(x), curvature: (x) => -Math.cos(x) },
  { name: 'exp', op: tf.exp, value: Math.exp, slope: Math.exp, curvature: Math.exp },
  {
    name: 'tanh',
    op: tf.tanh,
    value: Math.tanh,
    slope: (x) => 1 - Math.tanh(x) ** 2,
    curvature: (x) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2),
  },
  {
    name: 'sigmoid',
    op: tf.sigmoid,
    value: sigmoid,
    slope: (x) => sigmoid(x) * sigmoid(-x),
    curvature: (x) => sigmoid(x) * sigmoid(-x) * (1 - 2 * sigmoid(x)),
  },
  { name: 'erf', op: tf.erf, value: erf, slope: gaussian, curvature: (x) => -2 * x * gaussian(x) },
  {
    name: 'relu',
    op: tf.relu,
    value: (x) => Math.max(0, x),
    slope: (x) => Number(x > 0),
    curvature: () => 0,
  },
  {
    name: 'relu6',
    op: tf.relu6,
    value: (x) => Math.min(6, Math.max(0, x)),
    slope: (x) => Number(x > 0 && x <= 6),
    curvature: () => 0,
  },
];

/** A bound of the error of a value, or of that relative to the value. */
export interface ErrorBound {
  error: number;
  isRelative: boolean;
}

/** The largest error of a function of floats, relative to the bound. */
export function largestExcess(
  { error, isRelative }: ErrorBound,
  x: Float32Array,
  actual: ArrayLike<number>,
  value: (x: number) => number,
): number {
  let largest = 0;
  x.forEach((number, i) => {
    const expected = value(number);
    // Of the numbers below the normal ones only the distance counts.
    const scale = isRelative ? Math.max(Math.abs(expected), 2 ** -126) : 1;
    const excess = Math.abs(actual[i]! - expected) / scale / error;
    if (!(excess <= largest)) largest = excess;
  });
  return largest;
}

/** The values of a function of tensors at these numbers. */
export function apply(op: (x: tf.Tensor) => tf.Tensor, x: Float32Array): Float32Array {
  return tf.tidy(() => op(tf.tensor1d(x)).dataSync() as Float32Array);
}
