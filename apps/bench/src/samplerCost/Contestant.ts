/** What is timed: draws alone, or each followed by new scores for the samples drawn. */
export type Work = 'draw' | 'draw + update';

/** Something that draws samples in proportion to their scores. */
export interface Contestant {
  /** Draws `count` samples, in batches or not. */
  sample(count: number): Promise<ArrayLike<number>>;
  /** Milliseconds that this many batches take. */
  time(work: Work, batchSize: number, batches: number): Promise<number>;
  /** The probabilities that its draws should have; those of the scores if absent. */
  probabilities?(): ArrayLike<number>;
  /** Memory of its own, in bytes, where it lives in another process. */
  bytes?: number;
  /** Ends what it started. */
  end?(): void;
}

/** A kind of contestant, ours or one that a user would pick in its place. */
export interface Entry {
  readonly name: string;
  /** Where it is from: 'gradis', an npm package, 'plain' code, or 'Python'. */
  readonly origin: string;
  /** Most samples that it can hold, and what stands against more. */
  readonly limit?: { readonly samples: number; readonly reason: string };
  /** Bytes a sample at most, while it is being made: what a machine must have free. */
  readonly bytesWhileMade: number;
  create(size: number): Contestant | Promise<Contestant>;
}

/** A contestant in this process. `draw` gives indices, `update` takes new scores of some of them. */
export function localContestant(
  draw: (batchSize: number) => ArrayLike<number>,
  update: (indices: ArrayLike<number>, scores: Float64Array) => void,
  scoreOf: (index: number) => number,
): Contestant {
  return {
    sample: async (count) => draw(count),
    time: async (work, batchSize, batches) => {
      const scores = new Float64Array(batchSize);
      const start = performance.now();
      for (let batch = 0; batch < batches; batch++) {
        const indices = draw(batchSize);
        if (work === 'draw') continue;
        // The last batch of a shuffled epoch is shorter.
        const own = scores.subarray(0, indices.length);
        for (let k = 0; k < own.length; k++) own[k] = scoreOf(indices[k]);
        update(indices, own);
      }
      return performance.now() - start;
    },
  };
}
