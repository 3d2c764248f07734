import { areaY, axisY, dot, lineY, link, type Markish, ruleY, text } from '@observablehq/plot';
import type { BandPoint } from './bandOf.js';
import { drawChart } from './drawChart.js';
import { type Html, html } from './html.js';
import type { MethodStyle } from './methodStyle.js';
import { type ValueScale, valueScale } from './valueScale.js';

/** The curve of one method. */
export interface Series {
  label: string;
  style: MethodStyle;
  points: readonly BandPoint[];
}

/** Options of {@link linePanel}. */
export interface LinePanelOptions {
  /** The quantity, and what it is drawn against: `Test loss`, `against epochs`. */
  title: string;
  against: string;
  xLabel: string;
  /** Where the horizontal axis begins. */
  start?: number;
  /** Shows shares in per cent. */
  percent?: boolean;
  /** A horizontal line to compare with. */
  reference?: number;
  /** How many times the least value the largest must be for a logarithmic axis; 1 for always. Values must be above zero. */
  logFrom?: number;
}

const WIDTH = 400;
const HEIGHT = 270;
const MARGIN = { top: 10, right: 82, bottom: 36, left: 44 };
const PLOT = { top: MARGIN.top, bottom: HEIGHT - MARGIN.bottom };
const LABEL_HEIGHT = 13;
/** With more epochs than this, dots would hide the dashes. */
const MOST_DOTS = 12;

/**
 * A figure of curves with their bands, none of them empty. Each curve is labelled at its end, so that colour is not
 * needed to tell them apart; the caption says so where the axis is logarithmic.
 */
export function linePanel(allSeries: readonly Series[], options: LinePanelOptions): Html {
  const { title, against, xLabel, start = 0, percent = false, reference, logFrom = 3 } = options;
  const unit = percent ? 100 : 1;
  const series = allSeries.map((one) => ({ ...one, points: one.points.map((point) => scaled(point, unit)) }));
  const xEnd = Math.max(...series.flatMap(({ points }) => points.map(({ x }) => x)));
  const values = series.flatMap(({ points }) => points).flatMap(({ low, high }) => [low, high]);
  const scale = valueScale(reference === undefined ? values : [...values, reference], { ...PLOT, logFrom });
  const xStart = xEnd > start ? start : 0;
  const chart = drawChart({
    width: WIDTH,
    height: HEIGHT,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    ariaLabel: `${title} ${against}, one curve per method`,
    x: {
      label: xLabel,
      domain: [xStart, xEnd],
      ticks: Number.isInteger(xEnd) ? Math.min(6, xEnd - xStart) : 6,
      labelArrow: 'none',
      labelAnchor: 'center',
    },
    y: { type: scale.type, domain: scale.domain, axis: null, grid: true, ticks: scale.ticks.ticks },
    marks: [
      // As an axis of its own, since that of a logarithmic scale leaves labels out as it thinks best.
      axisY({ label: null, tickSize: 0, ...scale.ticks }),
      ...(reference === undefined ? [] : [ruleY([reference], { stroke: 'currentColor', strokeOpacity: 0.6 })]),
      ...series.map(({ points, style }) =>
        areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: style.color, fillOpacity: 0.16 }),
      ),
      ...series.flatMap((one) => curveMarks(one)),
      ...labelMarks(series, scale, [xStart, xEnd]),
    ],
  });
  const place = scale.type === 'log' ? `${against}, log scale` : against;
  return html`<figure class="panel"><figcaption>${title} <span>${place}</span></figcaption>
${chart}</figure>`;
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

/**
 * Names at the right edge, moved apart where they would overlap, each joined to the end of its curve by dots in grey,
 * which nobody takes for a part of the curve.
 */
function labelMarks(series: readonly Series[], scale: ValueScale, [xStart, xEnd]: [number, number]): Markish[] {
  const ends = series.map(({ label, points }) => ({ label, ...points.at(-1)! })).toSorted((a, b) => b.mean - a.mean);
  const pixels = spread(
    ends.map(({ mean }) => scale.toPixel(mean)),
    LABEL_HEIGHT,
    PLOT.bottom,
  );
  const perPixel = (xEnd - xStart) / (WIDTH - MARGIN.left - MARGIN.right);
  return ends.flatMap(({ label, x, mean }, i) => {
    const y = scale.fromPixel(pixels[i]!);
    const labelX = xEnd + 14 * perPixel;
    return [
      link([{ x1: x, y1: mean, x2: labelX, y2: y }], {
        x1: 'x1',
        y1: 'y1',
        x2: 'x2',
        y2: 'y2',
        stroke: 'var(--faint)',
        strokeWidth: 0.8,
        strokeDasharray: '0.8 3.2',
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
