import type { Sampler } from '@gradis/samplers';

/** Whether 50 batches have each sample ⌊B p⌋ or ⌈B p⌉ times; to be asked where draws teach the sampler nothing. */
export function drawsEvenly(sampler: Sampler, batchSize: number): boolean {
  const expected = sampler.probabilities().map((probability) => batchSize * probability);
  return Array.from({ length: 50 }, () => sampler.draw(batchSize).indices).every((indices) => {
    const counts = new Int32Array(sampler.size);
    for (const index of indices) counts[index]!++;
    return expected.every((value, index) => {
      const count = counts[index]!;
      return count >= Math.floor(value - 1e-9) && count <= Math.ceil(value + 1e-9);
    });
  });
}
