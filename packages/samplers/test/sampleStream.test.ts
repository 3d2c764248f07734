import { RandomGenerator, type SampleStreamOptions, type StreamBatch, sampleStream } from '@gradis/samplers';
import { normalBound } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);
const numbers = (length: number) => Array.from({ length }, (_, n) => n);
const identity = (window: readonly number[]) => window;

/** A stream that counts what was read and says whether it was closed. */
function watched(length: number, failAt = Number.POSITIVE_INFINITY) {
  const log = { read: 0, closed: false };
  async function* read() {
    try {
      for (let n = 0; n < length; n++) {
        if (n === failAt) throw new Error('The line is broken.');
        log.read++;
        yield n;
      }
    } finally {
      log.closed = true;
    }
  }
  return { log, source: read() };
}

async function collect<T>(
  source: AsyncIterable<T> | Iterable<T>,
  options: SampleStreamOptions<T>,
): Promise<StreamBatch<T>[]> {
  const batches: StreamBatch<T>[] = [];
  for await (const batch of sampleStream(source, options)) batches.push(batch);
  return batches;
}

/** The batches of numbers that are their own scores: chances by trying every count of certain samples. */
function naiveBatches(
  values: readonly number[],
  { batchSize, windowSize, batchesPerWindow, uniformMix }: Record<string, number>,
  random: RandomGenerator,
): { samples: number[]; probabilities: number[] }[] {
  const batches = [];
  for (let start = 0; start < values.length; start += windowSize!) {
    const window = values.slice(start, start + windowSize!);
    const total = sum(window);
    const sizes = window.map((value) =>
      total > 0 ? ((1 - uniformMix!) * value) / total + uniformMix! / window.length : 1,
    );
    const count = Math.min(batchSize!, sizes.filter((size) => size > 0).length);
    const descending = sizes.toSorted((a, b) => b - a);
    const thresholds = numbers(count).map((certain) => sum(descending.slice(certain)) / (count - certain));
    const threshold = thresholds.find((value, certain) => descending[certain]! <= value * (1 + 1e-12))!;
    const chances = sizes.map((size) => Math.min(1, size / threshold));
    for (let batch = 0; batch < Math.ceil((batchesPerWindow! * window.length) / windowSize!); batch++) {
      const order = [...random.shuffle(Int32Array.from(numbers(window.length)))];
      const offset = random.uniform();
      let end = 0;
      const chosen = order.filter((position) => {
        const begin = end;
        end += chances[position]!;
        return Math.ceil(begin - offset) < end - offset; // one of offset, offset + 1, … lies in [begin, end)
      });
      batches.push({
        samples: chosen.map((position) => window[position]!),
        probabilities: chosen.map((position) => chances[position]! / count),
      });
    }
  }
  return batches;
}

describe('sampleStream', () => {
  test.each([0, 0.1, 0.5, 1])(
    'has weights that make means over the window unbiased, and 5 % off is not: λ = %d',
    async (uniformMix) => {
      const size = 40;
      const random = new RandomGenerator(9);
      const values = numbers(size).map((n) => (n % 5 === 0 ? 0 : random.normal() + 0.7));
      const repeats = 8000;
      // Scores that go with the values, roughly, and leave out those that are zero.
      const score = (window: readonly number[]) => window.map((n) => Math.abs(values[n]!) * (1 + (n % 3)));
      function* stream() {
        for (let repeat = 0; repeat < repeats; repeat++) yield* numbers(size);
      }
      const batches = await collect(stream(), { batchSize: 8, windowSize: size, score, uniformMix, seed: 4 });
      const means = batches.map(
        ({ samples, weights }) => sum(samples.map((n, k) => weights[k]! * values[n]!)) / samples.length,
      );
      const mean = sum(means) / repeats;
      const error = Math.sqrt(sum(means.map((value) => (value - mean) ** 2))) / repeats;
      const expected = sum(values) / size;
      expect(means).toHaveLength(repeats);
      expect(Math.abs(mean - expected)).toBeLessThan(normalBound() * error + 1e-6);
      expect(Math.abs(1.05 * mean - expected)).toBeGreaterThan(normalBound() * error + 1e-6);
      const zeros = batches.some(({ samples }) => samples.some((n) => n % 5 === 0));
      expect(zeros).toBe(uniformMix > 0);
    },
  );

  test('draws what a plain list does, from 250 random streams of 400 samples', async () => {
    const random = new RandomGenerator(12);
    let [drawn, largestError, largestWeightError] = [0, 0, 0];
    for (let seed = 0; seed < 250; seed++) {
      const batchSize = 1 + random.integer(6);
      const windowSize = batchSize + random.integer(20);
      const batchesPerWindow = 1 + random.integer(2);
      const uniformMix = [0, 0.1, 0.5, 1][random.integer(4)]!;
      const values = numbers(400).map(() => (random.integer(6) === 0 ? 0 : Math.exp(2 * random.normal())));
      const options = { batchSize, windowSize, batchesPerWindow, uniformMix, seed };
      const expected = naiveBatches(values, options, new RandomGenerator(seed));
      const batches = await collect(values, { ...options, score: identity });
      expect(batches).toHaveLength(expected.length);
      drawn += expected.length;
      batches.forEach(({ samples, weights, probabilities, scores, window }, k) => {
        const batch = expected[k]!;
        if (samples.join() !== batch.samples.join()) expect(samples).toEqual(batch.samples);
        if (scores.join() !== batch.samples.join()) expect(scores).toEqual(Float64Array.from(batch.samples));
        batch.probabilities.forEach((probability, slot) => {
          largestError = Math.max(largestError, Math.abs(probabilities[slot]! / probability - 1));
          const weightError = Math.abs(weights[slot]! * probability * window.length - 1);
          largestWeightError = Math.max(largestWeightError, weightError);
        });
      });
    }
    expect(largestError).toBeLessThan(1e-9);
    expect(largestWeightError).toBeLessThan(1e-7);
    expect(drawn).toBeGreaterThan(8000);
  });

  test('has the seed 0 by default, and draws the same with the same seed alone', async () => {
    const draw = (seed?: number) =>
      collect(numbers(200), { batchSize: 4, score: identity, ...(seed !== undefined && { seed }) });
    expect(await draw()).toEqual(await draw(0));
    expect(await draw(1)).toEqual(await draw(1));
    expect(await draw(1)).not.toEqual(await draw(0));
  });

  test('says of each sample its score and the probability that its weight is made of', async () => {
    const batches = await collect(numbers(100), { batchSize: 10, windowSize: 50, score: identity, seed: 2 });
    expect(batches).toHaveLength(2);
    for (const { samples, weights, probabilities, scores, window } of batches) {
      expect([samples.length, new Set(samples).size]).toEqual([10, 10]);
      const total = sum(window);
      samples.forEach((n, k) => {
        expect(scores[k]).toBe(n);
        expect(weights[k]).toBe(Math.fround(1 / (50 * probabilities[k]!)));
        // No sample of these is large enough to be certain: π is B times its share.
        expect(probabilities[k]).toBeCloseTo((0.9 * n) / total + 0.1 / 50, 14);
      });
    }
  });

  test.each([0.05, 0.3])('has no weight above 1/λ: λ = %d', async (uniformMix) => {
    const random = new RandomGenerator(5);
    const score = (window: readonly number[]) => window.map((n) => (n % 3 === 0 ? 0 : Math.exp(random.normal() / 2)));
    const batches = await collect(numbers(20_000), { batchSize: 10, score, uniformMix });
    const largest = Math.max(...batches.flatMap(({ weights }) => [...weights]));
    expect(largest).toBeLessThan((1 + 1e-6) / uniformMix);
    expect(largest).toBeGreaterThan(0.9 / uniformMix);
  });

  test('reads each sample once, in windows, and takes the last one as it is', async () => {
    const windows: number[][] = [];
    const score = (window: readonly number[]) => {
      windows.push([...window]);
      return window;
    };
    const batches = await collect(numbers(107), { batchSize: 5, windowSize: 25, score });
    expect(windows.map((window) => window.length)).toEqual([25, 25, 25, 25, 7]);
    expect(windows.flat()).toEqual(numbers(107));
    expect(batches.map(({ window }) => window)).toEqual(windows);
    expect(batches.map(({ samples }) => samples.length)).toEqual([5, 5, 5, 5, 5]);
  });

  test('takes all of a last window that is smaller than a batch, with the weights of its plain mean', async () => {
    const [, last] = await collect([1, 2, 3, 4, 50, 60], { batchSize: 4, windowSize: 4, score: identity });
    expect(last?.samples.toSorted()).toEqual([50, 60]);
    expect(last?.weights).toEqual(Float32Array.of(1, 1));
    expect(await collect([], { batchSize: 4, score: identity })).toEqual([]);
    expect((await collect([7], { batchSize: 4, score: identity })).map(({ samples }) => samples)).toEqual([[7]]);
  });

  test('draws several batches from the scores of one window, and fewer from a short one', async () => {
    let calls = 0;
    const score = (window: readonly number[]) => {
      calls++;
      return window;
    };
    const batches = await collect(numbers(35), { batchSize: 5, windowSize: 20, batchesPerWindow: 4, score });
    expect(calls).toBe(2);
    expect(batches.map(({ window }) => window.length)).toEqual([20, 20, 20, 20, 15, 15, 15]);
    expect(new Set(batches.map(({ samples }) => samples.join())).size).toBe(7);
  });

  test('gives equal scores weights of exactly 1, zeros too', async () => {
    for (const value of [0, 3, 1e38, 1e-300]) {
      for (const uniformMix of [0, 0.1]) {
        const score = (window: readonly number[]) => window.map(() => value);
        for (const { weights } of await collect(numbers(64), { batchSize: 8, score, uniformMix })) {
          expect(weights).toEqual(new Float32Array(8).fill(1));
        }
      }
    }
  });

  test('leaves out samples of zero score without a mixture, even if the batch gets shorter', async () => {
    const values = [0, 4, 0, 0, 6, 0, 0, 0];
    const [batch] = await collect(values, { batchSize: 4, windowSize: 8, score: identity, uniformMix: 0 });
    expect(batch?.samples.toSorted()).toEqual([4, 6]);
    expect(sum(batch!.samples.map((value, k) => batch!.weights[k]! * value)) / 2).toBeCloseTo(10 / 8, 6);
  });

  test('waits while you train: it never reads more than the window of the batch', async () => {
    const { log, source } = watched(100);
    const batches = sampleStream(source, { batchSize: 5, windowSize: 20, batchesPerWindow: 2, score: identity });
    expect(log.read).toBe(0);
    for (const read of [20, 20, 40, 40, 60]) {
      await batches.next();
      expect(log.read).toBe(read);
    }
  });

  test('closes the stream when the loop is left, and when it is over', async () => {
    const left = watched(100);
    for await (const { window } of sampleStream(left.source, { batchSize: 5, batchesPerWindow: 3, score: identity })) {
      if (window.includes(50)) break;
    }
    expect(left.log).toEqual({ read: 60, closed: true });
    const over = watched(30);
    await collect(over.source, { batchSize: 5, score: identity });
    expect(over.log).toEqual({ read: 30, closed: true });
  });

  test('passes on the error of the stream, and closes the stream at an error of the scores', async () => {
    const broken = watched(100, 30);
    await expect(collect(broken.source, { batchSize: 5, score: identity })).rejects.toThrow('The line is broken.');
    const scores: [(window: readonly number[]) => number[] | Promise<number[]>, string][] = [
      [(window) => window.map((n) => (n === 3 ? Number.NaN : n)), 'scores[3] is NaN; scores must be finite and ≥ 0.'],
      [(window) => window.map((n) => -n), 'scores[1] is -1'],
      [async (window) => window.slice(1), 'scores has 19 elements; it must have 20.'],
      [() => Promise.reject(new Error('Out of memory.')), 'Out of memory.'],
    ];
    for (const [score, message] of scores) {
      const { log, source } = watched(100);
      await expect(collect(source, { batchSize: 5, score })).rejects.toThrow(message);
      expect(log).toEqual({ read: 20, closed: true });
    }
  });

  test('reads arrays, generators and readable streams alike', async () => {
    const options = { batchSize: 4, score: async (window: readonly number[]) => Float32Array.from(window), seed: 3 };
    const expected = await collect(numbers(50), options);
    expect(await collect(watched(50).source, options)).toEqual(expected);
    expect(await collect(ReadableStream.from(numbers(50)), options)).toEqual(expected);
    expect(await collect(numbers(50), { ...options, seed: 5 })).not.toEqual(expected);
  });

  test('names an option out of its range at once', () => {
    const refused: [Partial<SampleStreamOptions<number>>, string][] = [
      [{ batchSize: 0 }, 'batchSize is 0'],
      [{ windowSize: 3 }, 'windowSize is 3; it must be an integer in [4, 2147483647].'],
      [{ windowSize: 4.5 }, 'windowSize is 4.5'],
      [{ batchesPerWindow: 0 }, 'batchesPerWindow is 0'],
      [{ uniformMix: 1.5 }, 'uniformMix is 1.5; it must be in [0, 1].'],
      [{ seed: 0.5 }, 'seed is 0.5'],
    ];
    for (const score of [undefined, [1]] as unknown[] as (typeof identity)[]) {
      expect(() => sampleStream([1], { batchSize: 4, score })).toThrow(`score is ${score}; it must be a function`);
    }
    for (const [options, message] of refused) {
      expect(() => sampleStream([1], { batchSize: 4, score: identity, ...options })).toThrow(message);
    }
  });
});
