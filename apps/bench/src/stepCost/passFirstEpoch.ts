import { type Strategy, zeroSeconds } from '@gradis/training';

/** Brings a strategy past its shuffled epoch without training, with scores as uneven as those of a trained network. */
export async function passFirstEpoch(strategy: Strategy, batchSize: number): Promise<void> {
  const score = async (indices: Int32Array) => Float32Array.from(indices, (index) => 1 / (1 + (index % 1000)));
  for (let drawn = 0; drawn < strategy.size; ) {
    const batch = await strategy.next(batchSize, { scores: score, losses: score });
    const scores = await score(batch.indices);
    const weights = typeof batch.weights === 'function' ? batch.weights(scores) : batch.weights;
    strategy.observe(batch, {
      losses: scores,
      scores: batch.scored ? scores : undefined,
      weights,
      seconds: zeroSeconds(),
    });
    drawn += batch.indices.length;
  }
}
