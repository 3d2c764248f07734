export { type BootstrapOptions, bootstrapInterval } from './bootstrapInterval.js';
export { parseRun } from './parseRun.js';
export { RunningStatistics, type RunningStatisticsState } from './RunningStatistics.js';
export {
  type EpochRecord,
  type JsonValue,
  type Quality,
  RUN_SCHEMA_VERSION,
  type RunDataset,
  type RunEnd,
  type RunEnvironment,
  type RunHeader,
  type RunRecord,
} from './RunRecord.js';
export { serializeRun } from './serializeRun.js';
export { mean, sampleStandardDeviation } from './statistics.js';
export { type VarianceSummary, VarianceTelemetry, type VarianceTelemetryState } from './VarianceTelemetry.js';
