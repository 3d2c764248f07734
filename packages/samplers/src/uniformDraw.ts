import type { Draw } from './Sampler.js';

/** The draw of samples that were chosen uniformly from N: probabilities 1/N, weights 1. */
export function uniformDraw(indices: Int32Array, size: number): Draw {
  const { length } = indices;
  return {
    indices,
    probabilities: new Float64Array(length).fill(1 / size),
    weights: new Float32Array(length).fill(1),
  };
}
