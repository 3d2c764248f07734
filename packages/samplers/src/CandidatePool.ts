import type { RandomGenerator } from './RandomGenerator.js';
import type { Draw } from './Sampler.js';
import { SumTree } from './SumTree.js';

/** Draws from the candidates of a presample by their scores; its memory is used again for the next presample. */
export class CandidatePool {
  #scores = new Float64Array(1);
  #tree = new SumTree(1);

  /**
   * Draws with replacement from n candidates, a uniform choice of `size` samples, with chances g = score/Σ; weights
   * `1/(n·g)`, and probabilities `(n/size)·g`: that of being a candidate times that of being drawn. All zero: uniformly.
   */
  draw(
    candidates: Int32Array,
    scores: ArrayLike<number>,
    drawCount: number,
    size: number,
    random: RandomGenerator,
  ): Draw {
    const count = candidates.length;
    const tree = this.#treeOf(scores);
    const { total } = tree;
    const indices = new Int32Array(drawCount);
    const probabilities = new Float64Array(drawCount);
    const weights = new Float32Array(drawCount);
    for (let k = 0; k < drawCount; k++) {
      const slot = total > 0 ? tree.find(random.uniform() * total) : random.integer(count);
      const conditional = total > 0 ? tree.get(slot) / total : 1 / count;
      indices[k] = candidates[slot];
      probabilities[k] = (count / size) * conditional;
      weights[k] = 1 / (count * conditional);
    }
    return { indices, probabilities, weights };
  }

  #treeOf(scores: ArrayLike<number>): SumTree {
    if (scores.length > this.#scores.length) {
      this.#scores = new Float64Array(2 * scores.length);
      this.#tree = new SumTree(this.#scores.length);
    }
    this.#scores.set(scores);
    this.#scores.fill(0, scores.length);
    this.#tree.fill(this.#scores);
    return this.#tree;
  }
}
