import {
  type Check,
  count,
  dateTime,
  dictionary,
  finite,
  flag,
  interval,
  nonNegative,
  object,
  oneOf,
  optional,
  plainObject,
  refuse,
  share,
  text,
} from './checks.js';
import {
  type EpochRecord,
  type JsonValue,
  type Quality,
  RUN_SCHEMA_VERSION,
  type RunDataset,
  type RunEnd,
  type RunEnvironment,
  type RunHeader,
} from './RunRecord.js';
import type { VarianceSummary } from './VarianceTelemetry.js';

/** The lines of a run file: each is an object whose field `record` says which of the three it is. */
export type HeaderLine = { record: 'run'; schemaVersion: typeof RUN_SCHEMA_VERSION } & RunHeader;
export type EpochLine = { record: 'epoch' } & EpochRecord;
export type EndLine = { record: 'end' } & RunEnd;

/** JSON without NaN, infinities or undefined, which would be lost when it is written. */
const json: Check<JsonValue> = (value, place) => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return finite(value, place);
  if (Array.isArray(value)) {
    value.forEach((entry, i) => {
      json(entry, { ...place, field: `${place.field}[${i}]` });
    });
    return value;
  }
  if (typeof value === 'object') return dictionary(json)(value, place);
  return refuse(value, place, 'it must be a JSON value.');
};

const quality = object<Quality>({ loss: finite, error: optional(share) });

const telemetry = object<VarianceSummary>({
  count,
  uniformSecondMoment: nonNegative,
  secondMoment: nonNegative,
  secondMomentRatio: nonNegative,
  equivalentBatchGrowth: nonNegative,
  weightMean: nonNegative,
  weightInterval: interval,
  weightsConsistent: flag,
  effectiveSampleSizeShare: share,
});

const headerFields = object<HeaderLine>({
  record: oneOf('run'),
  schemaVersion: oneOf(RUN_SCHEMA_VERSION),
  experiment: text,
  title: optional(text),
  method: text,
  biased: optional(flag),
  seed: count,
  settings: dictionary(json),
  dataset: object<RunDataset>({ name: text, trainSize: count, testSize: count }),
  environment: object<RunEnvironment>({
    gradis: text,
    commit: optional(text),
    packages: dictionary(text),
    node: text,
    platform: text,
    backend: text,
    cpu: text,
  }),
  startedAt: dateTime,
});

/** The version comes first: of a later version nothing else is known. */
export const headerLine: Check<HeaderLine> = (value, place) => {
  const { record, schemaVersion } = plainObject(value, place);
  if (record === 'run' && typeof schemaVersion === 'number' && schemaVersion > RUN_SCHEMA_VERSION) {
    refuse(
      schemaVersion,
      { ...place, field: 'schemaVersion' },
      `this version of @gradis/metrics reads up to ${RUN_SCHEMA_VERSION}: update it to read this run.`,
    );
  }
  return headerFields(value, place);
};

export const epochLine = object<EpochLine>({
  record: oneOf('epoch'),
  epoch: nonNegative,
  steps: count,
  samples: count,
  seconds: dictionary(nonNegative),
  trainingSeconds: nonNegative,
  estimatedLoss: optional(finite),
  train: optional(quality),
  test: optional(quality),
  telemetry: optional(telemetry),
  diagnostics: optional(dictionary(finite)),
});

export const endLine = object<EndLine>({
  record: oneOf('end'),
  reason: oneOf('completed', 'budget', 'diverged'),
  finishedAt: dateTime,
});
