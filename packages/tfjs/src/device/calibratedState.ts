import { CALIBRATION, type CalibratedSamplerState } from '@gradis/samplers';
import { ROW_CELLS, ROWS } from './calibratedBins.js';
import { deviceCell } from './DeviceCalibrationTable.js';

const { ageBins } = CALIBRATION;

type BucketsState = CalibratedSamplerState['buckets'];

/** What is kept of each sample. [N] */
interface SampleValues {
  cells: Float32Array;
  stamps: Float32Array;
  levels: Float32Array;
}

/** On the host, samples without a score are in bucket 0 until they are drawn, and then in bucket 1. */
const UNSEEN = 0;
const PENDING = 1;

/** Stamps on the host wrap around at this one. */
const STAMP_RANGE = 2 ** 20;

/**
 * The buckets of the host with these samples.
 *
 * @param unseen samples not drawn yet, in their order; some of them may have been observed nevertheless
 */
export function toBuckets({ cells, stamps, levels }: SampleValues, unseen: Int32Array): BucketsState {
  const rowOf = (index: number) => Math.floor(cells[index] / ROW_CELLS);
  const members: number[][] = Array.from({ length: ROWS * ageBins }, () => []);
  members[UNSEEN] = Array.from(unseen).filter((index) => rowOf(index) === 0);
  const areUnseen = new Set(members[UNSEEN]);
  for (let index = 0; index < cells.length; index++) {
    const row = rowOf(index);
    if (row > 0) members[ageBins * row + (cells[index] % ROW_CELLS)].push(index);
    else if (!areUnseen.has(index)) members[PENDING].push(index);
  }
  return {
    kind: 'SampleBuckets',
    version: 1,
    members: Int32Array.from(members.flat()),
    counts: Int32Array.from(members, ({ length }) => length),
    stamps: Int32Array.from(stamps, (stamp) => stamp % STAMP_RANGE),
    levels: levels.slice(),
  };
}

/** The samples in buckets of the host, those never drawn, and how many have no score or may be drawn in the first epoch. */
export function fromBuckets(
  { members, counts, stamps, levels }: BucketsState,
  now: number,
): SampleValues & { unseen: Int32Array; unobserved: number } {
  const cells = new Float32Array(members.length);
  let place = 0;
  counts.forEach((count, bucket) => {
    if (bucket >= ageBins)
      for (const index of members.subarray(place, place + count)) cells[index] = deviceCell(bucket);
    place += count;
  });
  const ages = stamps.map((stamp) => (now - stamp + STAMP_RANGE) % STAMP_RANGE);
  return {
    cells,
    levels,
    stamps: Float32Array.from(ages, (age) => now - age),
    unseen: members.slice(0, counts[UNSEEN]),
    unobserved: counts[UNSEEN] + counts[PENDING],
  };
}
