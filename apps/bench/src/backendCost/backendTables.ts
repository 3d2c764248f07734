import type { PairedRatio } from '../timing/pairedRatio.js';
import type { BenchMethod } from './BenchMethod.js';
import type { Figures, StepTimes } from './figuresOf.js';
import type { TextTable } from './TextTable.js';

const names = ['model', 'batch', 'backend'];

/**
 * Step time and throughput of uniform sampling, beside PyTorch; methods beside uniform sampling, by the clock and in
 * processor time; what a step asks of the backend.
 */
export function backendTables(figures: readonly Figures[], methods: readonly BenchMethod[]): TextTable[] {
  const beside = 'beside uniform sampling: median ratio in the same turn, ± half the distance of its quartiles';
  return [
    stepTable(figures),
    methodTable(figures, methods, 'step', `Step ${beside}`),
    methodTable(figures, methods, 'processor', `CPU time ${beside}`),
    countTable(figures, ['uniform', ...methods]),
  ];
}

function stepTable(figures: readonly Figures[]): TextTable {
  const rows = figures.map((own) => {
    const [uniform] = own.methods;
    if (own.skipped !== undefined) return [...label(own), `skipped: ${own.skipped}`];
    if (!uniform) return [...label(own), 'interrupted'];
    const { milliseconds, samplesPerSecond } = uniform;
    const { toRival } = own;
    return [
      ...label(own),
      ...[milliseconds.step, samplesPerSecond].map(short),
      optional(toRival?.step, withSpread),
      short(milliseconds.processor),
      optional(toRival?.processor, withSpread),
    ];
  });
  const head = [...names, 'step, ms', 'images/s', '÷ PyTorch', 'CPU, ms', '÷ PyTorch'];
  const title = 'Uniform sampling: medians of a step by the clock and in CPU time, and ratios in the same turn';
  return { title, head, rows, names: names.length };
}

function methodTable(
  figures: readonly Figures[],
  methods: readonly BenchMethod[],
  time: keyof StepTimes,
  title: string,
): TextTable {
  const rows = figures
    .filter((own) => own.methods.length > 1)
    .map((own) => [
      ...label(own),
      ...methods.map((method) => optional(find(own, method)?.toUniform[time], withSpread)),
    ]);
  return { title, head: [...names, ...methods], rows, names: names.length };
}

function countTable(figures: readonly Figures[], methods: readonly BenchMethod[]): TextTable {
  const rows = figures
    .filter((own) => find(own, 'uniform')?.counts)
    .map((own) => [
      ...label(own),
      ...methods.map((method) =>
        optional(find(own, method)?.counts, ({ kernelCalls, readBacks }) => `${kernelCalls} + ${readBacks}`),
      ),
      optional(find(own, 'uniform')?.counts, ({ peakTensors }) => String(peakTensors)),
      optional(find(own, 'uniform')?.counts, ({ peakBytes }) => (peakBytes / 1e6).toFixed(0)),
    ]);
  const title = 'Kernel calls + read-backs of a step; most tensors and megabytes at once, with uniform sampling';
  return { title, head: [...names, ...methods, 'tensors', 'MB'], rows, names: names.length };
}

const label = ({ model, batchSize, trainer }: Figures): string[] => [model, String(batchSize), trainer];

const find = ({ methods }: Figures, method: BenchMethod) => methods.find((own) => own.method === method);

function optional<T>(value: T | undefined, render: (value: T) => string): string {
  return value === undefined ? '' : render(value);
}

const withSpread = ({ ratio, spread }: PairedRatio): string => `${ratio.toFixed(2)} ±${spread.toFixed(2)}`;

/** Three digits, or whole numbers where they have more. */
function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
