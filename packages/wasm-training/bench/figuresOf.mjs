import { median, pairedRatio } from './pairedRatio.mjs';
import { workloads } from './workloads.mjs';

/** Times of a step: by the clock, and of processors in all threads, which hardly depends on what else the machine does. */
const timesOf = {
  clock: ({ milliseconds }) => median(milliseconds),
  processor: ({ processorMilliseconds }) => processorMilliseconds,
};

/**
 * Medians and paired ratios of what was measured of one model.
 *
 * @param {string} model
 * @param {Record<string, { turns: object[] }>} measured by the names of the contenders
 */
export function figuresOf(model, measured) {
  const turnsOf = (name, timeOf) => measured[name]?.turns.map(timeOf) ?? [];
  const byTime = (figure) =>
    Object.fromEntries(Object.entries(timesOf).map(([time, timeOf]) => [time, figure(timeOf)]));
  const ratio = (name, baseline) => byTime((timeOf) => pairedRatio(turnsOf(name, timeOf), turnsOf(baseline, timeOf)));
  const contenders = Object.entries(measured).map(([name, { turns, ...others }]) => {
    const milliseconds = turns.length > 0 ? byTime((timeOf) => median(turns.map(timeOf))) : undefined;
    return [name, { milliseconds, ...others, turns: turns.map((turn) => byTime((timeOf) => timeOf(turn))) }];
  });
  return {
    model,
    ...workloads[model],
    contenders: Object.fromEntries(contenders),
    stockToOurs: ratio('stock', 'ours'),
    oursToPytorch: ratio('ours', 'pytorch'),
  };
}
