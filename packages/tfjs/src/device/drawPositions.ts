import type { RandomGenerator } from '@gradis/samplers';

/** How the positions of a batch in the running sum of the probabilities are chosen. */
export type Drawing = 'with-replacement' | 'systematic';

/**
 * B positions in [0, 1), by the same random numbers in the same order as the samplers of `@gradis/samplers` take:
 * independent ones, or at equal steps from a random start.
 */
export function drawPositions(random: RandomGenerator, batchSize: number, drawing: Drawing): Float64Array {
  const offset = drawing === 'systematic' ? random.uniform() : 0;
  return Float64Array.from({ length: batchSize }, (_, k) =>
    drawing === 'systematic' ? (k + offset) / batchSize : random.uniform(),
  );
}
