import type { Entry } from './Contestant.js';
import { allScores } from './scoreOf.js';

const SIZE = 200;
const DRAWS = 100_000;

/**
 * Throws unless an entry draws by the scores: χ² of its draws against those that its probabilities let expect. A correct
 * one fails with a chance below 1e-8, as χ² is near normal with so many cells; draws by other scores exceed it many times.
 */
export async function checkDraws(entry: Entry): Promise<void> {
  const contestant = await entry.create(SIZE);
  const scores = allScores(SIZE);
  const total = scores.reduce((sum, score) => sum + score, 0);
  const byScores = scores.map((score) => score / total);
  const counts = new Float64Array(SIZE);
  const expected = new Float64Array(SIZE);
  // Batches of the whole size, as a shuffled epoch has no more samples than that.
  for (let drawn = 0; drawn < DRAWS; drawn += SIZE) {
    const probabilities = contestant.probabilities?.() ?? byScores;
    const indices = await contestant.sample(SIZE);
    for (let k = 0; k < indices.length; k++) counts[indices[k]]++;
    for (let i = 0; i < SIZE; i++) expected[i] += indices.length * probabilities[i];
  }
  contestant.end?.();
  const statistic = counts.reduce((sum, count, i) => sum + (count - expected[i]) ** 2 / expected[i], 0);
  const bound = SIZE - 1 + 7 * Math.sqrt(2 * (SIZE - 1));
  if (!(statistic <= bound)) {
    throw new Error(`${entry.origin} ${entry.name} does not draw by the scores: χ² is ${statistic.toFixed(0)}.`);
  }
}
