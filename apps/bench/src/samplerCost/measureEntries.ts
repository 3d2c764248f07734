import { freemem } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { median } from '../timing/median.js';
import type { Contestant, Entry, Work } from './Contestant.js';

/** How long to measure. */
export interface Effort {
  rounds: number;
  /** Milliseconds that a contestant works before it is the turn of the next. */
  turnMilliseconds: number;
  /** Milliseconds of measured turns after which a contestant makes no more, so that slow ones make fewer. */
  capMilliseconds: number;
}

/** Figures of an entry for one size, batch size and kind of work. */
export interface Timing {
  work: Work;
  batchSize: number;
  /** Median over the turns. */
  millisecondsPerBatch: number;
  /** Median over the turns of the time beside that of the first entry in the same turn. */
  ratioToFirst: number;
  turns: number;
}

/** What was measured of an entry that holds so many samples, or why it was not. */
export interface Measurement {
  size: number;
  name: string;
  origin: string;
  bytesPerSample?: number;
  timings: Timing[];
  skipped?: string;
}

interface Participant {
  readonly contestant: Contestant;
  readonly measurement: Measurement;
}

/**
 * Times all entries on the same number of samples in turns, so that whatever else the machine does falls on all of them.
 *
 * @param progress told of what comes next
 */
export async function measureEntries(
  entries: readonly Entry[],
  size: number,
  batchSizes: readonly number[],
  effort: Effort,
  progress: (text: string) => void,
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  const participants: Participant[] = [];
  for (const entry of entries) {
    const measurement: Measurement = { size, name: entry.name, origin: entry.origin, timings: [] };
    measurements.push(measurement);
    measurement.skipped = reasonAgainst(entry, size);
    if (measurement.skipped) continue;
    progress(`${entry.origin} ${entry.name} with ${size.toLocaleString('en')} samples`);
    const { contestant, bytes } = await createAndWeigh(entry, size);
    measurement.bytesPerSample = bytes / size;
    participants.push({ contestant, measurement });
  }
  for (const batchSize of batchSizes) {
    for (const work of ['draw', 'draw + update'] as const) {
      progress(`${size.toLocaleString('en')} samples, batch ${batchSize}: ${work}`);
      await measureWork(participants, work, batchSize, effort);
    }
  }
  for (const { contestant } of participants) contestant.end?.();
  return measurements;
}

async function measureWork(
  participants: readonly Participant[],
  work: Work,
  batchSize: number,
  { rounds, turnMilliseconds, capMilliseconds }: Effort,
): Promise<void> {
  const perBatch: number[][] = participants.map(() => []);
  const batches: number[] = [];
  const spent = participants.map(() => 0);
  for (const { contestant } of participants) {
    // The first calls let the engine compile, and say how many batches make a turn.
    let one = await contestant.time(work, batchSize, 1);
    if (one < turnMilliseconds) one = (await contestant.time(work, batchSize, 10)) / 10;
    batches.push(Math.max(1, Math.round(turnMilliseconds / one)));
  }
  for (let round = 0; round < rounds; round++) {
    for (const [k, { contestant }] of participants.entries()) {
      if (spent[k] > capMilliseconds) continue;
      const milliseconds = await contestant.time(work, batchSize, batches[k]);
      spent[k] += milliseconds;
      perBatch[k].push(milliseconds / batches[k]);
    }
  }
  for (const [k, { measurement }] of participants.entries()) {
    const own = perBatch[k];
    const ratios = own.map((milliseconds, turn) => milliseconds / perBatch[0][turn]);
    measurement.timings.push({
      work,
      batchSize,
      millisecondsPerBatch: median(own),
      ratioToFirst: median(ratios),
      turns: own.length,
    });
  }
}

function reasonAgainst({ limit, bytesWhileMade }: Entry, size: number): string | undefined {
  if (limit && size > limit.samples) return limit.reason;
  const needed = bytesWhileMade * size;
  const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  if (needed > freemem()) return `needs ${gibibytes(needed)} of memory, and ${gibibytes(freemem())} are free`;
  return undefined;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Samples that are made in all to weigh one contestant: what the engine itself takes meanwhile is small beside them. */
const WEIGHED_SAMPLES = 200_000;

/** One contestant, and the bytes it takes: the mean over several where one alone is too small to be weighed. */
async function createAndWeigh(entry: Entry, size: number): Promise<{ contestant: Contestant; bytes: number }> {
  const before = await usedBytes();
  const contestants: Contestant[] = [];
  do contestants.push(await entry.create(size));
  while (contestants.length * size < WEIGHED_SAMPLES && contestants[0].bytes === undefined);
  const bytes = contestants[0].bytes ?? ((await usedBytes()) - before) / contestants.length;
  for (const { end } of contestants.slice(1)) end?.();
  return { contestant: contestants[0], bytes };
}

async function usedBytes(): Promise<number> {
  // The memory of typed arrays is given back in the background, after the collection that found them unused.
  for (let round = 0; round < 3; round++) {
    collectGarbage();
    await setTimeout(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
