import { describe, expect, it } from 'vitest';
import { type Entry, localContestant } from '../src/samplerCost/Contestant.js';
import { checkDraws } from '../src/samplerCost/checkDraws.js';
import { gradisEntries } from '../src/samplerCost/gradisEntries.js';
import { measureLow } from '../src/samplerCost/lowCost.js';
import { measureEntries } from '../src/samplerCost/measureEntries.js';
import { npmEntries } from '../src/samplerCost/npmEntries.js';
import { plainEntries } from '../src/samplerCost/plainEntries.js';
import { startPython } from '../src/samplerCost/pythonEntries.js';
import { lowTable, samplerTable } from '../src/samplerCost/samplerTables.js';
import { allScores, scoreOf } from '../src/samplerCost/scoreOf.js';

const entries = [...gradisEntries, ...plainEntries, ...npmEntries];

/** A plain entry of which one draw in twenty is of the sample after the right one. */
const biased: Entry = {
  name: 'biased',
  origin: 'test',
  bytesWhileMade: 16,
  create: async (size) => {
    const right = await plainEntries[0].create(size);
    let calls = 0;
    return {
      ...right,
      sample: async (count) =>
        Array.from(await right.sample(count), (index) => (calls++ % 20 === 0 ? (index + 1) % size : index)),
    };
  },
};

describe('the check before bench:samplers', () => {
  it.each(entries.map((entry) => [`${entry.origin} ${entry.name}`, entry] as const))(
    'finds that %s draws by the scores',
    (_, entry) => checkDraws(entry),
  );

  it('refuses an entry with a 5 % bias', async () => {
    await expect(checkDraws(biased)).rejects.toThrow(/test biased does not draw by the scores: χ² is \d+/);
  });

  it.each(plainEntries.map((entry) => [entry.name, entry] as const))(
    'holds after updates of %s, too',
    async (_, { create, ...entry }) => {
      const updated = async (size: number) => {
        const contestant = await create(size);
        await contestant.time('draw + update', 64, 100);
        return contestant;
      };
      await checkDraws({ ...entry, create: updated });
    },
  );
});

describe('bench:samplers', () => {
  it('measures every entry that can hold the samples, and says why others are left out', async () => {
    const idle: Entry = {
      name: 'idle',
      origin: 'test',
      limit: { samples: 50, reason: 'too large for a test' },
      bytesWhileMade: 0,
      create: () =>
        localContestant(
          (count) => new Int32Array(count),
          () => undefined,
          scoreOf,
        ),
    };
    const huge = { ...idle, name: 'huge', limit: undefined, bytesWhileMade: 1e15 };
    const effort = { rounds: 3, turnMilliseconds: 0.1, capMilliseconds: 50 };
    const measurements = await measureEntries([plainEntries[1], idle, huge], 100, [4, 8], effort, () => undefined);
    expect(measurements.map(({ skipped }) => skipped)).toEqual([
      undefined,
      'too large for a test',
      expect.stringMatching(/^needs 93132257.5 GiB of memory, and [\d.]+ GiB are free$/),
    ]);
    const { timings } = measurements[0];
    expect(timings.map(({ work, batchSize }) => `${work} ${batchSize}`)).toEqual([
      'draw 4',
      'draw + update 4',
      'draw 8',
      'draw + update 8',
    ]);
    expect(timings.map(({ ratioToFirst }) => ratioToFirst)).toEqual([1, 1, 1, 1]);
    for (const { millisecondsPerBatch } of timings) expect(millisecondsPerBatch).toBeGreaterThan(0);
    const table = samplerTable(measurements, 8);
    expect(table).toMatch(/plain: sum tree.* 1 /);
    expect(table).toContain('test: idle');
    expect(table).toContain('too large for a test');
  });

  it('lets a slow entry make fewer turns', async () => {
    const create = () => ({ sample: async () => [], time: async () => 400 });
    const slow: Entry = { name: 'slow', origin: 'test', bytesWhileMade: 0, create };
    const effort = { rounds: 7, turnMilliseconds: 10, capMilliseconds: 1000 };
    const [{ timings }] = await measureEntries([slow], 100, [4], effort, () => undefined);
    expect(timings[0]).toMatchObject({ turns: 3, millisecondsPerBatch: 400 });
  });

  it('finds the same LOW weights with general solvers', async () => {
    const timings = await measureLow(24, 1);
    expect(timings).toHaveLength(3);
    expect(timings[0].ratioToFirst).toBe(1);
    expect(lowTable(timings)).toMatch(/Goldfarb and Idnani/);
  });

  it('repeats its scores', () => {
    expect(allScores(20_003)[20_002]).toBe(scoreOf(2));
  });

  it('goes on without a Python that cannot be started', async () => {
    expect(await startPython('no-such-python')).toBeUndefined();
  });
});
