import type { EpochRecord, RunRecord } from '@gradis/metrics';
import { RandomGenerator } from '@gradis/samplers';

/** One epoch of a run, with the values that matter to a test. */
export function epochOf(epoch: number, trainingSeconds: number, values: Partial<EpochRecord> = {}): EpochRecord {
  return {
    epoch,
    steps: 100 * epoch,
    samples: 6400 * epoch,
    seconds: { step: trainingSeconds },
    trainingSeconds,
    ...values,
  };
}

/** A finished run with the given epochs. */
export function runOf(method: string, seed: number, epochs: EpochRecord[], values: Partial<RunRecord> = {}): RunRecord {
  return {
    experiment: 'mnist',
    title: 'MNIST, perceptron 784-256-256-10',
    method,
    seed,
    settings: { batchSize: 64, optimizer: 'adam', learningRate: 0.001, epochs: epochs.length },
    dataset: { name: 'MNIST', trainSize: 60_000, testSize: 10_000 },
    environment: {
      gradis: '0.1.0',
      commit: '1a2b3c4',
      packages: { '@tensorflow/tfjs': '4.22.0' },
      node: '20.20.2',
      platform: 'linux x64',
      backend: 'wasm',
      cpu: '2 × Example CPU',
    },
    startedAt: '2026-01-31T12:00:00.000Z',
    epochs,
    end: { reason: 'completed', finishedAt: '2026-01-31T12:10:00.000Z' },
    ...values,
  };
}

interface Character {
  biased?: boolean;
  /** How fast losses fall, relative to uniform. */
  speed: number;
  /** Milliseconds per step: sampling, gather, step, scoring, readBack, update. */
  phases: [number, number, number, number, number, number];
  ratio?: number;
  settings?: RunRecord['settings'];
}

const CHARACTERS: Record<string, Character> = {
  'memory-is': {
    speed: 1.25,
    phases: [0.12, 0.2, 2.5, 0.1, 0.15, 0.08],
    ratio: 0.42,
    settings: { uniformMix: 0.1, momentum: 0.3 },
  },
  uniform: { speed: 1, phases: [0.01, 0.2, 2.5, 0, 0.05, 0] },
  'memory-as': {
    biased: true,
    speed: 1.4,
    phases: [0.12, 0.2, 2.5, 0.1, 0.15, 0.08],
    ratio: 0.45,
    settings: { uniformMix: 0.1, momentum: 0.3 },
  },
  dlis: { speed: 1.3, phases: [0.2, 0.3, 2.5, 2.4, 0.3, 0.02], ratio: 0.35, settings: { presample: 192 } },
  low: { biased: true, speed: 0.95, phases: [0.01, 0.2, 2.6, 0.1, 0.2, 0.01], ratio: 1.6, settings: { lambda: 0.01 } },
};

/** Made-up runs of five methods whose curves look like those of a small network on MNIST. */
export function syntheticRuns(seeds: number, epochs: number): RunRecord[] {
  return Object.entries(CHARACTERS).flatMap(([method, character]) =>
    Array.from({ length: seeds }, (_, i) => syntheticRun(method, i + 1, epochs, character)),
  );
}

function syntheticRun(
  method: string,
  seed: number,
  epochs: number,
  { biased, speed, phases, ratio, settings }: Character,
): RunRecord {
  const random = new RandomGenerator(1000 * seed + method.length);
  const luck = new RandomGenerator(seed).normal();
  const noisy = (value: number, size: number) => value * Math.exp(size * (random.normal() + luck));
  const names = ['sampling', 'gather', 'step', 'scoring', 'readBack', 'update'];
  const pace = Math.exp(0.03 * random.normal());
  const records = Array.from({ length: epochs + 1 }, (_, epoch): EpochRecord => {
    const steps = 938 * epoch;
    const seconds = Object.fromEntries(names.map((name, i) => [name, (steps * phases[i]! * pace) / 1000]));
    const progress = speed * epoch;
    const drift = ratio === undefined ? 1 : ratio + (1 - ratio) * Math.exp(-epoch);
    return {
      epoch,
      steps,
      samples: 60_000 * epoch,
      seconds,
      trainingSeconds: Object.values(seconds).reduce((sum, value) => sum + value, 0),
      ...(epoch > 0 && { estimatedLoss: noisy(0.3 * Math.exp(-0.55 * (progress - 1)) + 0.004, 0.06) }),
      test:
        epoch === 0
          ? { loss: 2.31, error: 0.903 }
          : {
              loss: noisy(0.065 + 0.12 * Math.exp(-0.6 * progress), 0.04),
              error: noisy(0.017 + 0.05 * Math.exp(-0.7 * progress), 0.03),
            },
      ...(epoch > 0 && {
        telemetry: {
          count: 60_000,
          uniformSecondMoment: 1,
          secondMoment: noisy(drift, 0.02),
          secondMomentRatio: noisy(drift, 0.02),
          equivalentBatchGrowth: 1 / drift,
          weightMean: 1,
          weightInterval: [0.99, 1.01] as [number, number],
          weightsConsistent: true,
          effectiveSampleSizeShare: ratio === undefined ? 1 : Math.min(1, 0.3 + 0.6 * Math.exp(-0.3 * epoch)),
        },
      }),
    };
  });
  return runOf(method, seed, records, {
    biased: biased ?? false,
    settings: {
      model: 'mlp 784-256-256-10',
      batchSize: 64,
      optimizer: 'adam',
      learningRate: 0.001,
      epochs,
      ...settings,
    },
  });
}
