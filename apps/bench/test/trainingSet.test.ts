import { ArrayDataset, type Dataset, withFlipsAndCrops, withLabelNoise } from '@gradis/datasets';
import { normalBound } from '@gradis/tooling/testing';
import { createStrategy } from '@gradis/training';
import { describe, expect, it } from 'vitest';
import { mnist } from '../src/experiments/mnist.js';
import { trainingSet } from '../src/run/trainingSet.js';

const SIZE = 1000;
const data = (() => {
  const train = new ArrayDataset({
    name: 'train',
    inputs: { data: Uint8Array.from({ length: SIZE * 36 }, (_, i) => i % 256), shape: [6, 6, 1] },
    targets: { data: Int32Array.from({ length: SIZE }, (_, i) => i % 10), shape: [] },
  });
  return { train, test: train };
})();

const settings = { ...mnist.presets.quick, labelNoise: 0.2 };
const wrongLabels = ({ targets }: Dataset) =>
  [...targets.data.keys()].filter((i) => targets.data[i] !== data.train.targets.data[i]);

describe('the training set of a run', () => {
  it('is that of the experiment where nothing is asked for', () => {
    expect(trainingSet(mnist, data, mnist.presets.quick, 1)).toBe(data.train);
  });

  it('has the share of wrong labels that is asked for, others for another seed, and leaves the data alone', () => {
    const before = data.train.targets.data.slice();
    const noisy = (seed: number) => wrongLabels(trainingSet(mnist, data, settings, seed));
    expect(noisy(1)).toHaveLength(200);
    expect(noisy(1)).toEqual(noisy(1));
    expect(noisy(1)).not.toEqual(noisy(2));
    expect(data.train.targets.data).toEqual(before);
  });

  it('is augmented after that, in views that follow the seed', () => {
    const augment = (train: Dataset, seed: number) => withFlipsAndCrops(train, { seed, padding: 2 });
    const make = (seed: number) => trainingSet({ ...mnist, augment }, data, settings, seed);
    const indices = Int32Array.from({ length: 20 }, (_, i) => i);
    expect(wrongLabels(make(1))).toHaveLength(200);
    expect(make(1).gather(indices, undefined, 3)).toEqual(make(1).gather(indices, undefined, 3));
    expect(make(1).gather(indices, undefined, 3).inputs).not.toEqual(make(2).gather(indices, undefined, 3).inputs);
    expect(make(1).gather(indices).inputs).toEqual(data.train.gather(indices).inputs);
  });

  describe('has its wrong labels', () => {
    /** z of the number of wrong labels among the first `drawn` samples that a shuffle with the same seed gives. */
    const excess = async (wrong: readonly number[], seed: number, drawn: number) => {
      const strategy = createStrategy('uniform', { size: SIZE, seed });
      const scorer = { scores: async () => new Float32Array(0), losses: async () => new Float32Array(0) };
      const { indices } = await strategy.next(drawn, scorer);
      const found = indices.filter((i) => wrong.includes(i)).length;
      const share = wrong.length / SIZE;
      const variance = (drawn * share * (1 - share) * (SIZE - drawn)) / (SIZE - 1);
      return (found - drawn * share) / Math.sqrt(variance);
    };

    it('anywhere in the order in which the samplers visit the samples', async () => {
      for (const seed of [1, 2, 3]) {
        const z = await excess(wrongLabels(trainingSet(mnist, data, settings, seed)), seed, 200);
        expect(Math.abs(z)).toBeLessThan(normalBound());
      }
    });

    it('and the check would notice that both shuffles are the same', async () => {
      const { flipped } = withLabelNoise(data.train, { rate: 0.2, seed: 1 });
      expect(await excess([...flipped], 1, 200)).toBeGreaterThan(normalBound());
    });
  });
});
