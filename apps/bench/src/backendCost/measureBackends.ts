import type { BenchMethod } from './BenchMethod.js';
import type { ModelName } from './benchModels.js';
import { type Effort, type Measurement, measureWorkload, type Participant } from './measureWorkload.js';
import type { Trainer } from './Trainer.js';

/** What to measure. */
export interface Plan {
  /** Each model with its batch sizes. */
  workloads: readonly { model: ModelName; batchSizes: readonly number[] }[];
  /** Methods beside uniform sampling. */
  methods: readonly BenchMethod[];
  effort: Effort;
}

/**
 * Measures every trainer with every model and batch size, from small batches to large ones: where one fails, a trainer is
 * not asked for larger ones.
 *
 * @returns what was measured until the signal aborted the rest
 */
export async function measureBackends(
  trainers: readonly Trainer[],
  { workloads, methods, effort }: Plan,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  const stop = () => {
    for (const trainer of trainers) trainer.kill();
  };
  signal.addEventListener('abort', stop, { once: true });
  for (const { model, batchSizes } of workloads) {
    const failures = new Map<Trainer, string>();
    for (const batchSize of batchSizes.toSorted((a, b) => a - b)) {
      if (signal.aborted) break;
      const participants = trainers.map((trainer): Participant => {
        const own: BenchMethod[] = ['uniform', ...(trainer.kind.hasMethods ? methods : [])];
        const measurement: Measurement = {
          model,
          batchSize,
          trainer: trainer.kind.name,
          methods: own.map((method) => ({ method, turns: [] })),
          skipped: failures.get(trainer),
        };
        return { trainer, measurement };
      });
      measurements.push(...participants.map(({ measurement }) => measurement));
      await measureWorkload(participants, effort, progress, signal);
      for (const { trainer, measurement } of participants) {
        const { skipped } = measurement;
        if (skipped && !failures.has(trainer)) failures.set(trainer, `batch ${batchSize}: ${skipped}`);
      }
    }
  }
  signal.removeEventListener('abort', stop);
  stop();
  return measurements;
}
