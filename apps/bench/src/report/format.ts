import type { Budget, MethodRuns } from './compareRuns.js';
import type { Estimate } from './estimateMean.js';
import type { Measure } from './measures.js';

const MINUS = '−';
const SIGNS = [MINUS, '', '+'];

/** A value of a measure: `0.0213`, `1.95 %`. */
export function formatValue(value: number, { isShare }: Measure): string {
  return isShare ? `${(100 * value).toFixed(2)} %` : formatNumber(value);
}

/** A mean with its interval: `0.0213 ± 0.0012`, `1.95 ± 0.10 %`; without `±` for a single value, a dash for none. */
export function formatEstimate(estimate: Estimate | undefined, measure: Measure): string {
  if (!estimate) return '–';
  const { mean, halfWidth } = estimate;
  if (halfWidth === undefined) return formatValue(mean, measure);
  if (measure.isShare) return `${(100 * mean).toFixed(2)} ± ${(100 * halfWidth).toFixed(2)} %`;
  return `${formatNumber(mean)} ± ${likeDecimals(halfWidth, mean)}`;
}

/** A difference with its interval: `−0.0021 [−0.0030, −0.0012]`, `+0.12 [−0.10, +0.34] points`. */
export function formatInterval({ mean, halfWidth }: Estimate, measure: Measure): string {
  const unit = measure.isShare ? ' points' : '';
  const scale = halfWidth || mean;
  const show = (value: number) => {
    const size = measure.isShare ? (100 * Math.abs(value)).toFixed(2) : likeDecimals(Math.abs(value), scale, 2);
    return Number(size) === 0 ? size : `${SIGNS[Math.sign(value) + 1]}${size}`;
  };
  if (halfWidth === undefined) return `${show(mean)}${unit}`;
  return `${show(mean)} [${show(mean - halfWidth)}, ${show(mean + halfWidth)}]${unit}`;
}

/** A value with as many decimals as another one has at a number of significant digits. */
function likeDecimals(value: number, other: number, digits = 3): string {
  const text = other.toPrecision(digits);
  return text.includes('e') ? formatNumber(value, digits) : value.toFixed(text.split('.')[1]?.length ?? 0);
}

/** Significant digits without trailing noise: `0.0213`, `41.2`, `1.20e-7`. */
export function formatNumber(value: number, digits = 3): string {
  return value.toPrecision(digits).replaceAll('-', MINUS);
}

/** A number that may be a count: `12`, `50,000`, `0.0213`. */
export function formatCount(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString('en')
    : formatNumber(value);
}

/** Seconds in a fitting unit: `850 ms`, `41.2 s`, `3 min 12 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return `${formatNumber(1000 * seconds)} ms`;
  if (seconds < 99.95) return `${formatNumber(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `after 5 epochs`, `after 41.2 s of training`. */
export function formatBudget({ axis, limit }: Budget): string {
  if (axis === 'trainingSeconds') return `after ${formatSeconds(limit)} of training`;
  return `after ${Number(limit.toFixed(2))} ${limit === 1 ? 'epoch' : 'epochs'}`;
}

/** `equal epochs` or `equal time`. */
export function budgetName({ axis }: Budget): string {
  return axis === 'epoch' ? 'equal epochs' : 'equal time';
}

/** `1 seed`, or `2 to 3 seeds` where methods differ. */
export function formatSeeds(methods: readonly MethodRuns[]): string {
  const counts = methods.map(({ runs }) => runs.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (least !== most) return `${least} to ${most} seeds`;
  return `${most} ${most === 1 ? 'seed' : 'seeds'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `readBack` as `read back`, or with another joint between its words. */
export function splitCamelCase(name: string, joint = ' '): string {
  return name.replace(/[A-Z]/g, (letter) => joint + letter.toLowerCase());
}

/** Makes the first letter a capital. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
