import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRun, type RunRecord, serializeRun, VarianceTelemetry } from '../src/index.js';

function makeRun(): RunRecord {
  const telemetry = new VarianceTelemetry();
  telemetry.observe([1, 2, 3], [0.5, 1, 1.5]);
  return {
    experiment: 'mnist',
    title: 'MNIST, two hidden layers',
    method: 'memory-is',
    biased: false,
    seed: 1,
    settings: { batchSize: 64, optimizer: 'adam', layers: [256, 256], limit: null, nested: { decay: 0.1 } },
    dataset: { name: 'MNIST', trainSize: 60_000, testSize: 10_000 },
    environment: {
      gradis: '1.0.0',
      packages: { '@tensorflow/tfjs': '4.22.0' },
      node: '20.20.2',
      platform: 'linux x64',
      backend: 'wasm',
      cpu: '2 cores',
    },
    startedAt: '2026-01-31T12:00:00.000Z',
    epochs: [
      { epoch: 0, steps: 0, samples: 0, seconds: { step: 0 }, trainingSeconds: 0, test: { loss: 2.3, error: 0.9 } },
      {
        epoch: 1,
        steps: 938,
        samples: 60_000,
        seconds: { step: 1.25, sampling: 0.5 },
        trainingSeconds: 1.75,
        estimatedLoss: 0.4,
        train: { loss: 0.2 },
        test: { loss: 0.3, error: 0.05 },
        telemetry: telemetry.summary()!,
        diagnostics: { tau: 1.2 },
      },
    ],
    end: { reason: 'completed', finishedAt: '2026-01-31T12:01:00.000Z' },
  };
}

const lines = () => serializeRun(makeRun()).trimEnd().split('\n');

/** The text of the run file with one line changed. */
function withLine(number: number, change: (line: Record<string, unknown>) => void): string {
  return lines()
    .map((line, i) => {
      if (i !== number - 1) return line;
      const value = JSON.parse(line);
      change(value);
      return JSON.stringify(value);
    })
    .join('\n');
}

describe('a run file', () => {
  test('may end within an epoch, and nothing follows that', () => {
    const run = makeRun();
    const last = run.epochs[1]!;
    run.epochs.push({ ...last, epoch: 1.25, steps: last.steps + 1 });
    expect(parseRun(serializeRun(run))).toEqual(run);
    run.epochs.push({ ...last, epoch: 2, steps: last.steps + 2 });
    expect(() => serializeRun(run)).toThrow('epoch is 2; nothing may follow the unfinished epoch 1.25.');
  });

  test('is one JSON object per line: header, epochs, end', () => {
    const records = lines().map((line) => JSON.parse(line));
    expect(records.map(({ record }) => record)).toEqual(['run', 'epoch', 'epoch', 'end']);
    expect(records[0].schemaVersion).toBe(1);
    expect(serializeRun(makeRun()).endsWith('}\n')).toBe(true);
  });

  test('reads back as the run that was written', () => {
    expect(parseRun(serializeRun(makeRun()))).toEqual(makeRun());
  });

  test('reads back unchanged for any settings that JSON can hold', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (settings) => {
        const run = { ...makeRun(), settings: JSON.parse(JSON.stringify(settings)) };
        expect(parseRun(serializeRun(run)).settings).toEqual(run.settings);
      }),
    );
  });

  test('reads with Windows line breaks and without the last line break', () => {
    expect(parseRun(lines().join('\r\n'))).toEqual(makeRun());
  });

  test('of an unfinished run has no end', () => {
    const { end: _, ...unfinished } = makeRun();
    expect(parseRun(serializeRun(unfinished)).end).toBeUndefined();
  });

  test('cut anywhere inside its last line is refused as cut off', () => {
    const text = serializeRun(makeRun());
    const start = text.lastIndexOf('{"record":"end"');
    for (let length = start + 1; length < text.length - 1; length++) {
      expect(() => parseRun(text.slice(0, length))).toThrow(/line 4: .*the last line is cut off/);
    }
  });

  test('of a later schema version asks for an update, whatever else it holds', () => {
    expect(() => parseRun('{"record":"run","schemaVersion":2,"shape":"new"}')).toThrow(
      'Run record, line 1: schemaVersion is 2; this version of @gradis/metrics reads up to 1: update it to read this run.',
    );
  });

  test.each<[string, number, (line: Record<string, never>) => void, string]>([
    ['a missing field', 1, (l) => delete l.experiment, 'line 1: experiment is missing; it must be a text'],
    [
      'an unknown field',
      1,
      (l) => Object.assign(l, { sed: 1 }),
      'line 1: sed is 1; there is no such field; the fields are record,',
    ],
    ['a wrong type', 1, (l) => Object.assign(l, { seed: '1' }), 'line 1: seed is "1"; it must be an integer ≥ 0.'],
    ['a wrong version', 1, (l) => Object.assign(l, { schemaVersion: 0 }), 'line 1: schemaVersion is 0; it must be 1.'],
    ['a nested field', 1, (l) => Object.assign(l.dataset!, { trainSize: -1 }), 'line 1: dataset.trainSize is -1;'],
    [
      'no date',
      1,
      (l) => Object.assign(l, { startedAt: 'today' }),
      'line 1: startedAt is "today"; it must be an ISO 8601',
    ],
    [
      'negative seconds',
      3,
      (l) => Object.assign(l.seconds!, { step: -1 }),
      'line 3: seconds.step is -1; it must be a finite number ≥ 0.',
    ],
    [
      'a null loss',
      3,
      (l) => Object.assign(l.test!, { loss: null }),
      'line 3: test.loss is null; it must be a finite number.',
    ],
    [
      'an error in percent',
      3,
      (l) => Object.assign(l.test!, { error: 5 }),
      'line 3: test.error is 5; it must be a number in [0, 1].',
    ],
    [
      'a bad interval',
      3,
      (l) => Object.assign(l.telemetry!, { weightInterval: [2, 1] }),
      'line 3: telemetry.weightInterval is [2,1];',
    ],
    [
      'a wrong sum',
      3,
      (l) => Object.assign(l, { trainingSeconds: 2 }),
      'line 3: trainingSeconds is 2; it must be the sum of the values of seconds, 1.75.',
    ],
    ['a gap', 3, (l) => Object.assign(l, { epoch: 3 }), 'line 3: epoch is 3; 1 must follow.'],
    ['a step back', 3, (l) => Object.assign(l, { epoch: 0 }), 'line 3: epoch is 0; 1 must follow.'],
    ['a late start', 2, (l) => Object.assign(l, { epoch: 2 }), 'line 2: epoch is 2; a run begins with epoch 0 or 1.'],
    ['a falling count', 3, (l) => Object.assign(l, { steps: -1 }), 'line 3: steps is -1;'],
    [
      'an unknown reason',
      4,
      (l) => Object.assign(l, { reason: 'tired' }),
      'line 4: reason is "tired"; it must be "completed" or',
    ],
    [
      'an unknown record',
      3,
      (l) => Object.assign(l, { record: 'note' }),
      'line 3: record is "note"; it must be "epoch".',
    ],
  ])('with %s is refused by line, field, value and remedy', (_, number, change, message) => {
    expect(() => parseRun(withLine(number, change as (line: Record<string, unknown>) => void))).toThrow(
      `Run record, ${message}`,
    );
  });

  test('whose counts fall is refused', () => {
    const run = makeRun();
    run.epochs.push({ ...run.epochs[1]!, epoch: 2, samples: 59_999 });
    expect(() => serializeRun(run)).toThrow(
      'line 4: samples is 59999; it counts from the start of the run, so it must be ≥ 60000.',
    );
  });

  test('with a line after the end, an array for a line, a broken line or nothing at all is refused', () => {
    const text = serializeRun(makeRun());
    expect(() => parseRun(text + text)).toThrow('line 5: the line is {"record":"run"');
    expect(() => parseRun('[]')).toThrow('line 1: the line is []; it must be an object.');
    expect(() => parseRun(text.replace('"epoch"', 'epoch'))).toThrow('line 2: {"record":epoch');
    expect(() => parseRun('')).toThrow('the file is empty');
  });

  test('is never written from a run that could not be read back', () => {
    const run = makeRun();
    run.epochs[1]!.test = { loss: Number.NaN };
    expect(() => serializeRun(run)).toThrow('line 3: test.loss is NaN; it must be a finite number.');
    run.epochs[1]!.test = { loss: 1 };
    run.settings.limit = Number.POSITIVE_INFINITY;
    expect(() => serializeRun(run)).toThrow('line 1: settings.limit is Infinity; it must be a finite number.');
  });
});
