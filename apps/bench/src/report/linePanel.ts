import { areaY, dot, lineY, link, type Markish, ruleY, text } from '@observablehq/plot';
import type { BandPoint } from './bandOf.js';
import { drawChart } from './drawChart.js';
import type { Html } from './html.js';
import type { MethodStyle } from './methodStyle.js';

/** The curve of one method. */
export interface Series {
  label: string;
  style: MethodStyle;
  points: readonly BandPoint[];
}

/** Options of {@link linePanel}. */
export interface LinePanelOptions {
  /** What the chart shows, for those who cannot see it. */
  description: string;
  xLabel: string;
  /** Where the horizontal axis begins. */
  start?: number;
  /** Shows shares in per cent. */
  percent?: boolean;
  /** A horizontal line to compare with. */
  reference?: number;
}

const WIDTH = 400;
const HEIGHT = 270;
const MARGIN = { top: 10, right: 82, bottom: 36, left: 44 };
const LABEL_HEIGHT = 13;
/** With more epochs than this, dots would hide the dashes. */
const MOST_DOTS = 12;

/**
 * A chart of curves with their bands, none of them empty. Each curve is labelled at its end, so that colour is not
 * needed to tell them apart.
 */
export function linePanel(allSeries: readonly Series[], options: LinePanelOptions): Html {
  const { description, xLabel, start = 0, percent = false, reference } = options;
  const unit = percent ? 100 : 1;
  const series = allSeries.map((one) => ({ ...one, points: one.points.map((point) => scaled(point, unit)) }));
  const xEnd = Math.max(...series.flatMap(({ points }) => points.map(({ x }) => x)));
  const scale = valueScale(series, reference);
  const xStart = xEnd > start ? start : 0;
  return drawChart({
    width: WIDTH,
    height: HEIGHT,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    ariaLabel: description,
    x: {
      label: xLabel,
      domain: [xStart, xEnd],
      ticks: Number.isInteger(xEnd) ? Math.min(6, xEnd - xStart) : 6,
      labelArrow: 'none',
      labelAnchor: 'center',
    },
    y: { type: scale.type, domain: scale.domain, label: null, grid: true, tickSize: 0, ...scale.ticks },
    marks: [
      ...(reference === undefined ? [] : [ruleY([reference], { stroke: 'currentColor', strokeOpacity: 0.6 })]),
      ...series.map(({ points, style }) =>
        areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: style.color, fillOpacity: 0.16 }),
      ),
      ...series.flatMap((one) => curveMarks(one)),
      ...labelMarks(series, scale, [xStart, xEnd]),
    ],
  });
}

function scaled({ mean, low, high, ...place }: BandPoint, unit: number): BandPoint {
  return { ...place, mean: mean * unit, low: low * unit, high: high * unit };
}

function curveMarks({ points, style }: Series): Markish[] {
  return [
    lineY(points, {
      x: 'x',
      y: 'mean',
      stroke: style.color,
      strokeDasharray: style.dashes,
      strokeWidth: 1.8,
    }),
    ...(points.length > MOST_DOTS ? [] : [dot(points, { x: 'x', y: 'mean', fill: style.color, r: 2.2 })]),
  ];
}

interface ValueScale {
  type: 'log' | 'linear';
  domain: [low: number, high: number];
  ticks: { ticks: number | number[]; tickFormat?: (value: number) => string };
  /** Height of a value in the chart, in pixels from the top, and back. */
  toPixel(value: number): number;
  fromPixel(pixel: number): number;
}

/** Logarithmic where the values span more than a factor of three. */
function valueScale(series: readonly Series[], reference: number | undefined): ValueScale {
  const values = [
    ...series.flatMap(({ points }) => points).flatMap(({ low, high }) => [low, high]),
    ...(reference === undefined ? [] : [reference]),
  ];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const isLog = least > 0 && most / least > 3;
  const to = isLog ? Math.log : (value: number) => value;
  const from = isLog ? Math.exp : (value: number) => value;
  const padding = 0.05 * (to(most) - to(least)) || 0.5 * Math.abs(to(most)) || 1;
  const [low, high] = [to(least) - padding, to(most) + padding];
  const height = HEIGHT - MARGIN.top - MARGIN.bottom;
  return {
    type: isLog ? 'log' : 'linear',
    domain: [from(low), from(high)],
    ticks: isLog ? { ticks: logTicks(from(low), from(high)), tickFormat: String } : { ticks: 5 },
    toPixel: (value) => MARGIN.top + (height * (high - to(value))) / (high - low),
    fromPixel: (pixel) => from(high - ((pixel - MARGIN.top) / height) * (high - low)),
  };
}

/** Round numbers between low and high, as many kinds of them as leave at most seven. */
export function logTicks(low: number, high: number): number[] {
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
  return candidates.find((ticks) => ticks.length <= 7) ?? candidates.at(-1)!;
}

/** Names at the right edge, moved apart where they would overlap, each joined to the end of its curve. */
function labelMarks(series: readonly Series[], scale: ValueScale, [xStart, xEnd]: [number, number]): Markish[] {
  const ends = series
    .map(({ label, style, points }) => ({ label, style, ...points.at(-1)! }))
    .toSorted((a, b) => b.mean - a.mean);
  const pixels = spread(
    ends.map(({ mean }) => scale.toPixel(mean)),
    LABEL_HEIGHT,
    HEIGHT - MARGIN.bottom,
  );
  const perPixel = (xEnd - xStart) / (WIDTH - MARGIN.left - MARGIN.right);
  return ends.flatMap(({ label, style, x, mean }, i) => {
    const y = scale.fromPixel(pixels[i]!);
    const labelX = xEnd + 14 * perPixel;
    return [
      link([{ x1: x, y1: mean, x2: labelX, y2: y }], {
        x1: 'x1',
        y1: 'y1',
        x2: 'x2',
        y2: 'y2',
        stroke: style.color,
        strokeOpacity: 0.4,
      }),
      text([{ x: labelX, y, label }], {
        x: 'x',
        y: 'y',
        text: 'label',
        textAnchor: 'start',
        dx: 3,
        fill: 'currentColor',
      }),
    ];
  });
}

/** Moves ascending positions apart to at least `gap`, as little as that needs, and keeps them above `end`. */
export function spread(positions: readonly number[], gap: number, end: number): number[] {
  const moved: number[] = [];
  for (const position of positions) moved.push(Math.max(position, (moved.at(-1) ?? Number.NEGATIVE_INFINITY) + gap));
  for (let i = moved.length - 1, limit = end; i >= 0; i--, limit = moved[i + 1]! - gap)
    moved[i] = Math.min(moved[i]!, limit);
  return moved;
}
