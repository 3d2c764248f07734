/** A vertical axis: its kind, its range and its ticks. */
export interface ValueScale {
  type: 'log' | 'linear';
  domain: [low: number, high: number];
  ticks: { ticks: number | number[]; text?: (value: number) => string };
  /** Height of a value in the chart, in pixels from the top, and back. */
  toPixel(value: number): number;
  fromPixel(pixel: number): number;
}

/** Options of {@link valueScale}. */
export interface ValueScaleOptions {
  /** Pixels from the top of the chart to the upper and to the lower end of the axis. */
  top: number;
  bottom: number;
  /** How many times the least value the largest must be for a logarithmic axis; 1 for always. */
  logFrom: number;
}

/** An axis on which all the values have room; logarithmic only where all of them are above zero. */
export function valueScale(values: readonly number[], { top, bottom, logFrom }: ValueScaleOptions): ValueScale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const isLog = least > 0 && most / least >= logFrom;
  const to = isLog ? Math.log : (value: number) => value;
  const from = isLog ? Math.exp : (value: number) => value;
  const padding = 0.05 * (to(most) - to(least)) || (isLog ? 0.5 : 0.5 * Math.abs(most) || 1);
  const [low, high] = [to(least) - padding, to(most) + padding];
  return {
    type: isLog ? 'log' : 'linear',
    domain: [from(low), from(high)],
    ticks: isLog ? { ticks: logTicks(from(low), from(high)), text: String } : { ticks: 5 },
    toPixel: (value) => top + ((bottom - top) * (high - to(value))) / (high - low),
    fromPixel: (pixel) => from(high - ((pixel - top) / (bottom - top)) * (high - low)),
  };
}

const MOST_TICKS = 7;

/** Round numbers between low and high, as many kinds of them as leave at most seven; evenly spaced in a narrow range. */
export function logTicks(low: number, high: number): number[] {
  if (high / low < 2.5) return evenTicks(low, high);
  const kinds = [[1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];
  const decades = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, i) => i + Math.floor(Math.log10(low)),
  );
  const candidates = kinds.map((digits) =>
    decades
      .flatMap((decade) => digits.map((digit) => Number(`${digit}e${decade}`)))
      .filter((tick) => tick >= low && tick <= high),
  );
  return candidates.find((ticks) => ticks.length <= MOST_TICKS) ?? candidates.at(-1)!;
}

/** Multiples of the smallest round step that leaves at most seven. */
function evenTicks(low: number, high: number): number[] {
  const smallest = (high - low) / (MOST_TICKS - 1);
  const magnitude = 10 ** Math.floor(Math.log10(smallest));
  const step = magnitude * [1, 2, 5, 10].find((factor) => factor * magnitude >= smallest)!;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}
