import type { RunRecord } from '@gradis/metrics';
import type { Comparison, MethodRuns } from './compareRuns.js';
import { formatBudget, formatSeconds, formatSeeds, joinWords } from './format.js';
import { stepTimeSpread } from './methodFacts.js';
import { inconsistentWeights } from './telemetry.js';

/** What a reader must know to judge the numbers, one sentence or two each. */
export function notes(comparison: Comparison): string[] {
  const { methods, measures } = comparison;
  return [
    seedsNote(comparison),
    ...chanceNote(comparison),
    timeNote(comparison),
    ...firstEpochNote(comparison),
    ...busyNote(methods),
    ...measures.flatMap(({ remark }) => remark ?? []),
    ...biasNote(methods),
    ...labelNoiseNote(methods),
    ...comparison.leftOut.map(leftOutNote),
    ...unfinishedNote(methods),
    ...methods.flatMap(weightsNote),
    ...machinesNote(methods),
  ];
}

function seedsNote({ methods, baseline }: Comparison): string {
  const seeds = capitalSeeds(methods);
  if (methods.every(({ runs }) => runs.length === 1))
    return `${seeds} per method: nothing can be concluded from one seed.`;
  return (
    `${seeds} per method. Intervals are 95 % Student's t intervals of the mean over seeds; those of a difference to ${baseline} ` +
    'are of runs paired by seed. With few seeds they are wide: what is undecided may still be there.'
  );
}

function capitalSeeds(methods: readonly MethodRuns[]): string {
  const text = formatSeeds(methods);
  return text === '1 seed' ? 'One seed' : text;
}

function chanceNote({ results }: Comparison): string[] {
  const count = results.filter(({ difference }) => difference?.estimate.halfWidth !== undefined).length;
  if (count === 0) return [];
  return [
    `${count} intervals are held against zero: where there is no true difference, one in twenty excludes it by chance.`,
  ];
}

function timeNote({ budgets }: Comparison): string {
  return (
    `Equal time is ${formatSeconds(budgets[1].limit)} of training, when the fastest run ended; every run is read there, between ` +
    'its epochs by geometric interpolation. Training time counts sampling, gathering, scoring and read-back, and leaves evaluation out.'
  );
}

function firstEpochNote({ methods, budgets }: Comparison): string[] {
  const limit = budgets[1].limit;
  const slow = methods
    .filter(({ runs }) => runs.some(({ epochs }) => epochs.some((e) => e.epoch === 1 && e.trainingSeconds > limit)))
    .map(({ method }) => method);
  if (slow.length === 0) return [];
  return [
    `That time lies within the first epoch of ${joinWords(slow)}, where curves fall steeply and only its two ` +
      'ends are known, so that the values are rough: train for more epochs to compare at equal time.',
  ];
}

/** Differences between the seeds of one method that are no matter of chance in the sampling. */
const TOLERATED_SPREAD = 0.2;

function busyNote(methods: readonly MethodRuns[]): string[] {
  const spreads = methods
    .map((runs) => ({ method: runs.method, spread: stepTimeSpread(runs) }))
    .filter(({ spread }) => spread > TOLERATED_SPREAD)
    .map(({ method, spread }) => `${(100 * spread).toFixed(0)} % for ${method}`);
  if (spreads.length === 0) return [];
  return [
    `Seconds per step differ between the seeds by ${joinWords(spreads)}: the machine was probably busy with other work, so read ` +
      'equal time with care.',
  ];
}

function biasNote(methods: readonly MethodRuns[]): string[] {
  const biased = methods.filter((method) => method.biased).map(({ method }) => method);
  if (biased.length === 0) return [];
  return [
    `${joinWords(biased)} ${biased.length === 1 ? 'is' : 'are'} biased: the expected step is not along the gradient of the ` +
      'mean training loss, so another problem is solved than the one that is measured here.',
  ];
}

function labelNoiseNote([{ runs }]: readonly MethodRuns[]): string[] {
  if (!runs[0]!.settings.labelNoise) return [];
  return [
    'Wrong labels count in the training loss like right ones, so that a method which learns them by heart leads there. The test ' +
      'samples have their own labels.',
  ];
}

function leftOutNote({ method, seed, end, epochs }: RunRecord): string {
  const after = formatBudget({ axis: 'epoch', limit: epochs.at(-1)?.epoch ?? 0 });
  return end?.reason === 'diverged'
    ? `${method} with seed ${seed} diverged ${after} and is in none of the numbers, which flatters ${method}.`
    : `${method} with seed ${seed} is unfinished (${after}) and left out.`;
}

function unfinishedNote(methods: readonly MethodRuns[]): string[] {
  const unfinished = methods
    .flatMap(({ runs }) => runs)
    .filter((run) => run.end?.reason !== 'completed' && run.end?.reason !== 'budget');
  return unfinished.length > 0 ? ['No run came to its end; what there is of them is shown.'] : [];
}

function weightsNote({ method, runs }: MethodRuns): string[] {
  const { epochs, tooSmall, tooLarge } = inconsistentWeights(runs);
  return [
    ...(tooLarge > 0
      ? [
          `The importance weights of ${method} were too large on average in ${tooLarge} of ${epochs} epochs: they are not those of its sampler.`,
        ]
      : []),
    ...(tooSmall > 0
      ? [
          `The importance weights of ${method} were too small on average in ${tooSmall} of ${epochs} epochs: they are not those of its ` +
            'sampler, or it leaves samples out, or ones with rare and very large weights were not drawn; a uniform mixture bounds the weights.',
        ]
      : []),
  ];
}

function machinesNote(methods: readonly MethodRuns[]): string[] {
  const machines = new Set(
    methods.flatMap(({ runs }) =>
      runs.map(({ environment: { cpu, platform, backend, node } }) => [cpu, platform, backend, node].join()),
    ),
  );
  return machines.size > 1
    ? ['The runs were made on different machines or backends, so their times cannot be compared.']
    : [];
}
