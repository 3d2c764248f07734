import { METHOD_COLORS } from './methodStyle.js';

const methodVariables = (theme: 'light' | 'dark') =>
  METHOD_COLORS.map((color, i) => `--method-${i}: ${color[theme]};`).join(' ');

/** Style sheet of the report: one column of text, charts in a grid, light or dark as the reader's system is. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fdfdfc; --panel: #ffffff; --ink: #1d1d1f; --faint: #5f6368; --rule: #dcdcd8; --mark: #f1f1ee;
  ${methodVariables('light')}
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #16171a; --panel: #1d1f23; --ink: #e9e9e6; --faint: #a3a7ad; --rule: #36393f; --mark: #26292e;
    ${methodVariables('dark')}
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 3rem 1.5rem 5rem; }
h1 { font-size: 2.1rem; line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 0.4rem; text-wrap: balance; }
h2 { font-size: 1.3rem; letter-spacing: -0.01em; margin: 3.2rem 0 0.6rem; }
h3 { font-size: 1rem; margin: 1.6rem 0 0.4rem; }
p, ul { max-width: 46rem; margin: 0 0 0.8rem; text-wrap: pretty; }
ul { padding-left: 1.2rem; }
li { margin-bottom: 0.35rem; }
.lead, figcaption, caption, .aside { color: var(--faint); }
.lead { font-size: 1.08rem; }
.verdicts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 0 2.5rem; }
.leader { font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1.6rem; padding: 0; list-style: none; max-width: none; font-size: 0.9rem; }
.legend li { display: flex; align-items: center; gap: 0.5rem; }
.swatch { width: 0.9rem; height: 0.9rem; border-radius: 3px; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1rem; }
figure { margin: 0; }
.panel { background: var(--panel); border: 1px solid var(--rule); border-radius: 10px; padding: 0.8rem 0.7rem 0.4rem 0.9rem; }
.panel figcaption { color: var(--ink); font-size: 0.9rem; font-weight: 600; margin-bottom: 0.3rem; }
.panel figcaption span { color: var(--faint); font-weight: 400; }
.panel svg { display: block; width: 100%; height: auto; overflow: visible; --plot-background: var(--panel); }
.wide { overflow-x: auto; }
.wide svg { min-width: 640px; }
svg text, svg tspan { white-space: pre; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; margin: 0.6rem 0 1.2rem; }
caption { text-align: left; padding-bottom: 0.5rem; font-size: 0.9rem; }
th, td { padding: 0.38rem 0.6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
th:first-child { padding-left: 0; }
th:first-child, td.text, th.text { text-align: left; }
thead th { font-weight: 600; border-bottom: 1.5px solid var(--ink); vertical-align: bottom; white-space: normal; }
tbody th { font-weight: 600; }
td.best { background: var(--mark); font-weight: 600; }
.key { display: inline-block; vertical-align: middle; margin-right: 0.5rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 2.5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1.2rem; font-size: 0.92rem; margin: 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
@media print { main { padding: 0; } .panel, tr, figure { break-inside: avoid; } }
`;
