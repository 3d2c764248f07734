import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { Html, html } from '../src/report/html.js';
import { linePanel, spread } from '../src/report/linePanel.js';
import { methodStyle } from '../src/report/methodStyle.js';
import { renderReport } from '../src/report/renderReport.js';
import { logTicks } from '../src/report/valueScale.js';
import { epochOf, runOf, syntheticRuns } from './reportRuns.js';

const page = renderReport(syntheticRuns(3, 4));
const { document } = parseHTML(page);
const texts = (selector: string) =>
  [...document.querySelectorAll(selector)].map((element) => element.textContent ?? '');

describe('renderReport', () => {
  test('shows training loss, test loss and test error against epochs and against time, and the sampling', () => {
    expect(texts('.panel figcaption')).toEqual([
      'Training loss against epochs, log scale',
      'Test loss against epochs, log scale',
      'Test error, % against epochs, log scale',
      'Training loss against training time, log scale',
      'Test loss against training time, log scale',
      'Test error, % against training time, log scale',
      'Second-moment ratio against epochs, log scale',
      'Effective sample size of the weights, % of the draws against epochs',
      'Training time of a step by phase; evaluation is not training',
    ]);
  });

  test('labels every method in every panel of curves, next to its own colour and dashes', () => {
    for (const svg of [...document.querySelectorAll('.panels svg')]) {
      for (const method of ['uniform', 'memory-is', 'memory-as', 'dlis', 'low']) {
        expect(svg.textContent).toContain(method);
      }
      const lines = [...svg.querySelectorAll('g[aria-label="line"]')];
      const looks = lines.map((line) => line.getAttribute('stroke') + line.getAttribute('stroke-dasharray'));
      expect(new Set(looks).size).toBe(5);
    }
  });

  test('begins its curves after the first epoch, so that the state before training sets no bounds', () => {
    const withStart = renderReport([
      runOf(
        'low',
        1,
        [0, 1, 2].map((e) => epochOf(e, e, { test: { loss: [900, 3, 2][e]! } })),
      ),
    ]);
    expect(withStart).toContain('>3<');
    expect(withStart).not.toContain('>900<');
  });

  test('joins labels to curves by thin dots in grey, so that none looks like a part of a curve', () => {
    const leaders = [...document.querySelectorAll('g[aria-label="link"]')];
    expect(leaders).toHaveLength(8 * 5);
    for (const leader of leaders) {
      expect(leader.getAttribute('stroke')).toBe('var(--faint)');
      expect(Number(leader.getAttribute('stroke-width'))).toBeLessThan(1);
      expect(leader.getAttribute('stroke-dasharray')).not.toBeNull();
    }
  });

  test('names settings in words and shortens the commit', () => {
    const run = runOf('low', 1, [epochOf(1, 1, { test: { loss: 1 } })]);
    run.environment.commit = '0123456789abcdef0123456789abcdef01234567';
    const { document: own } = parseHTML(renderReport([run]));
    const [names, values] = ['dt', 'dd'].map((tag) => [...own.querySelectorAll(tag)].map((e) => e.textContent));
    expect(names).toEqual(expect.arrayContaining(['batch size', 'learning rate']));
    expect(values![names!.indexOf('commit')]).toBe('0123456789ab');
  });

  test('shows what methods say of themselves after their last epoch, as means over the seeds', () => {
    const told = (seed: number, tau: number) =>
      runOf('dlis', seed, [
        epochOf(1, 2, { test: { loss: 1 }, diagnostics: { tau: 9, resampledSteps: 1 } }),
        epochOf(2, 4, { test: { loss: 1 }, diagnostics: { tau, resampledSteps: 4000 } }),
      ]);
    const silent = runOf('uniform', 1, [epochOf(1, 2, { test: { loss: 1 }, diagnostics: {} })]);
    const { document: own } = parseHTML(renderReport([silent, told(1, 1.5), told(2, 2.3)]));
    const section = own.querySelector('section[aria-labelledby="diagnostics"]')!;
    expect([...section.querySelectorAll('h3')].map((heading) => heading.textContent)).toEqual(['dlis']);
    expect([...section.querySelectorAll('dt, dd')].map((element) => element.textContent)).toEqual([
      'tau',
      '1.90',
      'resampled steps',
      '4,000',
    ]);
    expect(document.querySelector('section[aria-labelledby="diagnostics"]')).toBeNull();
  });

  test('says what each chart shows to those who cannot see it', () => {
    const charts = [...document.querySelectorAll('figure svg')];
    expect(charts).toHaveLength(9);
    for (const chart of charts) expect(chart.getAttribute('aria-label')).toMatch(/against|per step/);
  });

  test('needs no script and nothing from elsewhere', () => {
    expect(document.querySelectorAll('script, link, img, iframe, use')).toHaveLength(0);
    expect(page.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:|url\((?!#)|@import/);
  });

  test('contains no value that is not a number', () => {
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test('takes its colours from variables that are defined for light and dark', () => {
    const used = new Set(page.match(/var\(--[\w-]+\)/g));
    for (const variable of used) {
      const name = variable.slice(4, -1);
      expect(page.split(`${name}: `).length - 1, name).toBeGreaterThanOrEqual(name === '--plot-background' ? 1 : 2);
    }
  });

  test('does not let texts from a run file become markup', () => {
    const run = runOf('"><b>bold</b>', 1, [epochOf(1, 1, { test: { loss: 1 } })], {
      title: '<script>alert(1)</script>',
    });
    const hostile = renderReport([run]);
    expect(hostile).not.toContain('<script>');
    expect(parseHTML(hostile).document.querySelectorAll('b')).toHaveLength(0);
    expect(parseHTML(hostile).document.querySelector('h1')?.textContent).toBe('<script>alert(1)</script>');
  });

  test.each([
    ['one run of one epoch', () => [runOf('low', 1, [epochOf(1, 1, { test: { loss: 1 } })])]],
    [
      'losses that are all zero',
      () => [
        runOf('low', 1, [
          epochOf(1, 1, { test: { loss: 0, error: 0 } }),
          epochOf(2, 2, { test: { loss: 0, error: 0 } }),
        ]),
      ],
    ],
    [
      'nothing but an estimate of the training loss',
      () => [runOf('low', 1, [epochOf(0, 0), epochOf(1, 1, { estimatedLoss: 0.1 })])],
    ],
    ['nothing measured at all', () => [runOf('low', 1, [epochOf(1, 1)])]],
  ])('copes with %s', (_, runs) => {
    expect(renderReport(runs())).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('marks the lowest mean of each column', () => {
    const runs = [0.3, 0.2].map((error, i) =>
      runOf(['uniform', 'low'][i]!, 1, [epochOf(1, 1, { test: { loss: 1 - error, error } })]),
    );
    const cells = [...parseHTML(renderReport(runs)).document.querySelectorAll('table')].slice(0, 2);
    for (const table of cells) {
      expect([...table.querySelectorAll('td.best')].map((cell) => cell.textContent)).toEqual(['0.700', '20.00 %']);
    }
  });
});

describe('linePanel', () => {
  const panel = (means: readonly number[], logFrom?: number) =>
    linePanel(
      [
        {
          label: 'low',
          style: methodStyle(1),
          points: means.map((mean, epoch) => ({ epoch, x: epoch, mean, low: mean, high: mean })),
        },
      ],
      { title: 'Loss', against: 'against epochs', xLabel: 'epochs', logFrom },
    ).markup;

  test('is logarithmic where values span more than a factor of three', () => {
    expect(panel([1, 0.1, 0.01])).toMatch(/>0\.01<.*>0\.1<.*>1</);
    expect(panel([1, 0.8, 0.6])).toMatch(/>0\.6<.*>0\.7<.*>0\.8<.*>0\.9</);
  });

  test.each([
    ['logarithmic', [80.5, 68.8], 1],
    ['logarithmic', [900, 0.2], 3],
    ['linear', [82, 69], 3],
  ])('has a label at each line of its %s grid, from %j', (_, means, logFrom) => {
    const { document: figure } = parseHTML(panel(means, logFrom));
    const lines = figure.querySelectorAll('g[aria-label="y-grid"] line');
    const labels = [...figure.querySelectorAll('g[aria-label="y-axis tick label"] text')];
    expect(labels.map((label) => label.textContent)).toHaveLength(lines.length);
    expect(labels.map((label) => label.textContent)).not.toContain('');
  });

  test.each([
    ['log', [1, 0.1], undefined],
    ['linear', [1, 0.8], undefined],
    ['log', [1, 0.8], 1],
    ['log', [1, 1], 1],
    ['linear', [1, 0], 1],
  ])('says in its caption that it is %s for %j from a factor of %d', (type, means, logFrom) => {
    expect(panel(means, logFrom).includes('against epochs, log scale<')).toBe(type === 'log');
  });
});

describe('the parts of a chart', () => {
  test('ticks of a logarithmic axis are round and at most seven', () => {
    expect(logTicks(0.9, 120)).toEqual([1, 2, 5, 10, 20, 50, 100]);
    expect(logTicks(0.15, 0.45)).toEqual([0.15, 0.2, 0.3, 0.4]);
    expect(logTicks(4.1, 4.9)).toEqual([4.2, 4.4, 4.6, 4.8]);
    expect(logTicks(0.0005, 2000)).toEqual([0.001, 0.01, 0.1, 1, 10, 100, 1000]);
  });

  test('labels move apart no more than they must, and stay inside', () => {
    expect(spread([10, 12, 50], 10, 100)).toEqual([10, 20, 50]);
    expect(spread([90, 92, 95], 10, 100)).toEqual([80, 90, 100]);
    expect(spread([10, 40], 10, 100)).toEqual([10, 40]);
  });

  test('markup escapes everything but markup', () => {
    expect(html`<p title="${'"&\''}">${['<', 1, new Html('<br>')]}</p>`.markup).toBe(
      '<p title="&#34;&#38;&#39;">&#60;1<br></p>',
    );
  });

  test('twenty methods look different from one another', () => {
    const looks = Array.from({ length: 20 }, (_, i) => methodStyle(i)).map(({ color, dashes }) => color + dashes);
    expect(new Set(looks).size).toBe(20);
  });
});
