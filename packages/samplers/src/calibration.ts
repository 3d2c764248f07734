/**
 * The fixed numbers of `CalibratedSampler`, for who builds it elsewhere, as `@gradis/tfjs` does on the device.
 *
 * @example
 * ```ts
 * import { CALIBRATION } from '@gradis/samplers';
 *
 * console.log(CALIBRATION.ageBins, CALIBRATION.unitMemory(60_000)); // → 5 7500
 * ```
 */
export const CALIBRATION = {
  /** Bins of scores: one for each exponent of a float32, so each is an octave wide and any scale of the scores will do. */
  scoreBins: 255,
  /** Bins of ages: below ½ epoch, ½ to 2, 2 to 8, 8 to 32, and 32 epochs or more. */
  ageBins: 5,
  /** Ages are counted in 64ths of an epoch. */
  ticksPerEpoch: 64,
  /** Share of the old observations in the table that is kept at each step: they count half after about 1,400 steps. */
  forgetting: 0.9995,
  /** Observations that the prior of a row is worth in it, and the mean of the row in a cell. */
  priorWeight: 5,
  /** Observed batches between two looks at the table. */
  refreshInterval: 8,
  /** Samples looked at for ageing with each observed one: once through the data set in half an epoch. */
  ageingPace: 2,
  /** Share of uniform draws by which a score is weighted in the mean score: with the default λ, these are its weights 1/(N p). */
  unitMix: 0.2,
  /** Scores over which the mean score is taken, of N samples: an eighth of an epoch, but no fewer than 500 or more than 10,000. */
  unitMemory: (size: number): number => Math.min(10_000, Math.max(500, size / 8)),
} as const;
