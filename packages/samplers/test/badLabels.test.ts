import { MemorySampler, RandomGenerator, RobustSampler, type Sampler, UniformSampler } from '@gradis/samplers';
import { normalBound } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';

const SIZE = 1500;
const FEATURES = 10;

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, d) => sum + value * b[d]!, 0);

/** Two classes with a plane between them, a little blurred; one label in ten is wrong. */
function makeData() {
  const random = new RandomGenerator(5);
  const normals = () => Array.from({ length: FEATURES }, () => random.normal());
  const plane = normals();
  const inputs = Array.from({ length: SIZE }, normals);
  const truths = inputs.map((x) => (dot(x, plane) + 0.3 * random.normal() > 0 ? 1 : 0));
  const isBad = truths.map(() => random.uniform() < 0.1);
  return { inputs, truths, isBad, labels: truths.map((truth, i) => (isBad[i] ? 1 - truth : truth)) };
}

const { inputs, truths, isBad, labels } = makeData();

/** Logistic regression on the bad labels by SGD; the mean loss on the true ones, and the share of draws of bad samples. */
function train(sampler: Sampler): { cleanLoss: number; badShare: number } {
  const theta = new Float64Array(FEATURES);
  const probability = (x: readonly number[]) => 1 / (1 + Math.exp(-dot(x, theta)));
  let drawn = 0;
  let bad = 0;
  while (drawn < 30 * SIZE) {
    const { indices, weights } = sampler.draw(32);
    const residuals = Float64Array.from(indices, (i) => probability(inputs[i]!) - labels[i]!);
    indices.forEach((i, k) => {
      for (let d = 0; d < FEATURES; d++) {
        theta[d]! -= (0.3 / indices.length) * weights[k]! * residuals[k]! * inputs[i]![d]!;
      }
    });
    sampler.observe(indices, residuals.map(Math.abs));
    drawn += indices.length;
    bad += indices.reduce((count, i) => count + (isBad[i] ? 1 : 0), 0);
  }
  const losses = inputs.map((x, i) => -Math.log(truths[i] ? probability(x) : 1 - probability(x)));
  return { cleanLoss: losses.reduce((sum, loss) => sum + loss, 0) / SIZE, badShare: bad / drawn };
}

/** Whether more of the found samples are among the marked ones than a blind choice of as many would find. */
function findsMoreThanChance(found: Int32Array, marks: readonly boolean[]): boolean {
  const share = marks.filter(Boolean).length / SIZE;
  const hits = found.filter((i) => marks[i]).length;
  const variance = found.length * share * (1 - share) * ((SIZE - found.length) / (SIZE - 1)); // hypergeometric
  return hits - found.length * share > normalBound(1e-9) * Math.sqrt(variance);
}

describe('with one label in ten wrong', () => {
  const guarded = new RobustSampler(new MemorySampler(SIZE, { seed: 1 }));
  const calm = train(guarded);
  const found = guarded.quarantined();

  test('quarantine finds the wrong ones', () => {
    const hits = found.filter((i) => isBad[i]).length;
    expect(hits / found.length).toBeGreaterThan(0.9); // precision
    expect(hits / isBad.filter(Boolean).length).toBeGreaterThan(0.7); // recall
    expect(findsMoreThanChance(found, isBad)).toBe(true);
  });

  test('and does not find the same number of others, marked at random', () => {
    const order = new RandomGenerator(2).shuffle(Int32Array.from(isBad, (_, i) => i));
    expect(
      findsMoreThanChance(
        found,
        isBad.map((_, i) => isBad[order[i]!]!),
      ),
    ).toBe(false);
  });

  test('calm quarantine halves what they attract', () => {
    const { badShare } = train(new MemorySampler(SIZE, { seed: 1 }));
    expect(badShare).toBeGreaterThan(0.25);
    expect(calm.badShare).toBeLessThan(badShare / 1.5);
  });

  test('ignoring what is quarantined brings the loss on the true labels down, to half of what uniform batches reach', () => {
    const uniform = train(new UniformSampler(SIZE, { seed: 1 }));
    const ignoring = train(new RobustSampler(new MemorySampler(SIZE, { seed: 1 }), { quarantine: 'ignore' }));
    expect(ignoring.cleanLoss).toBeLessThan(uniform.cleanLoss / 2);
    expect(calm.cleanLoss / uniform.cleanLoss).toBeGreaterThan(0.9);
  });
});
