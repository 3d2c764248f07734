import { plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Html } from './html.js';

/** Draws a chart outside of a browser and returns its SVG; colours may be CSS variables of the page. */
export function drawChart(options: NonNullable<Parameters<typeof plot>[0]>): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const chart = plot({ ...options, document, style: { fontSize: '11px', fontFamily: 'inherit' } });
  // The page has the three style rules that Plot puts into each chart.
  chart.querySelector('style')?.remove();
  return new Html(chart.outerHTML);
}
