import { requireIntegers, requireLength } from './checks.js';
import { SumTree } from './SumTree.js';

/** Bins from 2⁻¹⁴⁹ to 2¹²⁸, the range of Float32; each is 9 % wide. Bin 0 is for scores of zero and unknown ones. */
const BINS_PER_OCTAVE = 8;
const LOWEST_EXPONENT = -149;
const BINS = 1 + BINS_PER_OCTAVE * (128 - LOWEST_EXPONENT);

/** The last scores of N samples in logarithmic bins: any quantile of those above zero in O(log bins), 2 bytes a sample. */
export class ScoreHistogram {
  readonly #bins: Uint16Array;
  /** Number of samples in each bin but the first. */
  readonly #counts = new SumTree(BINS);

  constructor(size: number) {
    this.#bins = new Uint16Array(size);
  }

  /** Replaces the score of a sample. */
  set(index: number, score: number): void {
    const bin = binOf(score);
    if (bin === this.#bins[index]) return;
    this.#count(this.#bins[index], -1);
    this.#count(bin, 1);
    this.#bins[index] = bin;
  }

  /** Bin of a sample's last score, 0 if that is zero or unknown. */
  binAt(index: number): number {
    return this.#bins[index];
  }

  /** The bin of the score above 0 that has this share of the others below it; the last bin if there is none. */
  quantile(share: number): number {
    const { total } = this.#counts;
    return total > 0 ? this.#counts.find(share * total) : BINS - 1;
  }

  /** Bin of each sample's last score. Shape [N]. */
  bins(): Uint16Array {
    return this.#bins.slice();
  }

  static fromBins(bins: Uint16Array, size: number): ScoreHistogram {
    requireLength('state.bins', bins, size);
    requireIntegers('state.bins', bins, BINS);
    const histogram = new ScoreHistogram(size);
    const counts = new Float64Array(BINS);
    for (const bin of bins) if (bin > 0) counts[bin]++;
    histogram.#counts.fill(counts);
    histogram.#bins.set(bins);
    return histogram;
  }

  #count(bin: number, change: number): void {
    if (bin > 0) this.#counts.set(bin, this.#counts.get(bin) + change);
  }
}

/** Bin of a score ≥ 0; scores outside the range belong to the bin at its end. */
export function binOf(score: number): number {
  if (score === 0) return 0;
  const bin = 1 + Math.floor(BINS_PER_OCTAVE * (Math.log2(score) - LOWEST_EXPONENT));
  return Math.min(BINS - 1, Math.max(1, bin));
}

/** Upper end of a bin. */
export function upperEdge(bin: number): number {
  return 2 ** (bin / BINS_PER_OCTAVE + LOWEST_EXPONENT);
}
