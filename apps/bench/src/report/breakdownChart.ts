import { barX, ruleX, stackX, text } from '@observablehq/plot';
import { drawChart } from './drawChart.js';
import { formatNumber } from './format.js';
import type { Html } from './html.js';
import { type PhaseTime, totalTime } from './timeBreakdown.js';

/** Okabe and Ito's palette once more; text of the other colour stands on each. */
const PHASE_COLORS = [
  { fill: '#e69f00', ink: '#000' },
  { fill: '#56b4e9', ink: '#000' },
  { fill: '#0072b2', ink: '#fff' },
  { fill: '#f0e442', ink: '#000' },
  { fill: '#cc79a7', ink: '#000' },
  { fill: '#009e73', ink: '#000' },
];

/** Colours of the phase at this place. */
export function phaseColor(index: number): { fill: string; ink: string } {
  return PHASE_COLORS[index % PHASE_COLORS.length]!;
}

/** Share of the longest bar from which a part has room for its name. */
const ROOM_FOR_LABEL = 0.09;

/** Stacked bars of the milliseconds per step that each method spends in each phase. */
export function breakdownChart(times: readonly PhaseTime[]): Html {
  const methods = [...new Set(times.map(({ method }) => method))];
  const phases = [...new Set(times.map(({ phase }) => phase))];
  const colorOf = ({ phase }: PhaseTime) => phaseColor(phases.indexOf(phase));
  const totals = methods.map((method) => ({ method, milliseconds: totalTime(times, method) }));
  const longest = Math.max(...totals.map(({ milliseconds }) => milliseconds));
  const layout = { x: 'milliseconds', y: 'method', order: phases } as const;
  return drawChart({
    width: 1100,
    height: 52 + 38 * methods.length,
    marginLeft: 100,
    marginRight: 70,
    marginTop: 4,
    marginBottom: 40,
    ariaLabel: `Milliseconds per step by phase: ${totals.map((t) => `${t.method} ${formatNumber(t.milliseconds)}`).join(', ')}`,
    x: { label: 'milliseconds per step', labelArrow: 'none', labelAnchor: 'center', domain: [0, longest], grid: true },
    y: { label: null, domain: methods, tickSize: 0, padding: 0.22 },
    color: { type: 'identity' },
    marks: [
      barX(times, stackX({ ...layout, z: 'phase', fill: (time: PhaseTime) => colorOf(time).fill, insetRight: 1 })),
      text(
        times,
        stackX({
          ...layout,
          z: 'phase',
          text: ({ phase, milliseconds }: PhaseTime) => (milliseconds > ROOM_FOR_LABEL * longest ? phase : ''),
          fill: (time: PhaseTime) => colorOf(time).ink,
        }),
      ),
      text(totals, {
        x: 'milliseconds',
        y: 'method',
        text: ({ milliseconds }: { milliseconds: number }) => `${formatNumber(milliseconds)} ms`,
        textAnchor: 'start',
        dx: 6,
        fill: 'currentColor',
      }),
      ruleX([0], { stroke: 'currentColor' }),
    ],
  });
}
