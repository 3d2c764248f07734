import Table from 'cli-table3';

const PROFILED_KERNELS = 12;

/** Share of a step from which on a size has a row of its own. */
const NOTABLE_SHARE = 0.02;

/** Step times, their ratios, and the memory that a model takes. */
export function stepTable(figures) {
  const head = ['model', 'batch', 'stock', 'ours', 'PyTorch', 'stock ÷ ours', 'ours ÷ PyTorch', '… by the clock'];
  const rows = figures.map(({ model, batchSize, contenders, stockToOurs, oursToPytorch }) => [
    model,
    `${batchSize}`,
    ...['stock', 'ours', 'pytorch'].map((name) => step(contenders[name])),
    withSpread(stockToOurs.processor),
    withSpread(oursToPytorch.processor),
    withSpread(oursToPytorch.clock),
  ]);
  return render('Processor time of a training step in ms, and ratios in the same turn', head, rows);
}

/** What a step with our kernels asks of the backend. */
export function memoryTable(figures) {
  const rows = figures
    .filter(({ contenders }) => contenders.ours.heapBytes)
    .map(({ model, contenders: { ours, stock } }) => [
      model,
      ...[ours, stock].flatMap((own) => [
        count(own?.kernelCalls),
        megabytes(own?.peakBytes),
        megabytes(own?.heapBytes),
      ]),
    ]);
  if (rows.length === 0) return '';
  const head = ['model', 'kernels', 'tensors', 'heap', 'stock: kernels', 'tensors', 'heap'];
  return render('Kernels of a step, most bytes in tensors, and the wasm heap at the end in MB', head, rows);
}

/** Kernels in which a step of a model spends its time; under products and convolutions the sizes that matter. */
export function profileTable({ model, contenders }) {
  const { milliseconds: whole, kernels } = contenders.ours.profile;
  const share = ({ milliseconds }) => milliseconds / whole;
  const line = (label, row) => [
    label,
    count(row.calls),
    short(row.milliseconds),
    `${Math.round(100 * share(row))} %`,
    row.operations ? short(row.operations / row.milliseconds / 1e6) : '',
  ];
  const rows = kernels.slice(0, PROFILED_KERNELS).flatMap(({ sizes = [], ...kernel }) => {
    const notable = sizes.length > 1 ? sizes.filter((row) => share(row) >= NOTABLE_SHARE) : [];
    const label = sizes.length === 1 ? `${kernel.name} ${sizes[0].name}` : kernel.name;
    return [line(label, kernel), ...notable.map((row) => line(`  ${row.name}`, row))];
  });
  const others = kernels.slice(PROFILED_KERNELS);
  if (others.length > 0) {
    const [calls, milliseconds] = ['calls', 'milliseconds'].map((figure) => sum(others, figure));
    rows.push(line(`${others.length} other kernels`, { calls, milliseconds }));
  }
  rows.push(line('outside kernels', { milliseconds: whole - sum(kernels, 'milliseconds') }));
  const head = ['kernel', 'calls', 'ms', 'share', 'GFLOP/s'];
  return render(`${model}: ${short(whole)} ms of processor time in a step, kernel by kernel`, head, rows);
}

function render(title, head, rows) {
  const colAligns = head.map((_, column) => (column === 0 ? 'left' : 'right'));
  const table = new Table({ head, colAligns, style: { head: [], border: [], compact: true } });
  table.push(...rows);
  return `\n${title}\n${table.toString()}\n`;
}

function step(contender) {
  if (contender?.skipped) return 'left out';
  return contender?.milliseconds ? short(contender.milliseconds.processor) : '–';
}

function sum(rows, figure) {
  return rows.reduce((total, row) => total + row[figure], 0);
}

function withSpread(ratio) {
  return ratio ? `${short(ratio.ratio)} ± ${ratio.spread.toFixed(2)}` : '–';
}

function megabytes(bytes) {
  return bytes ? `${Math.round(bytes / 2 ** 20)}` : '–';
}

function count(value) {
  return value === undefined ? '' : `${Math.round(value)}`;
}

function short(value) {
  return value >= 100 ? `${Math.round(value)}` : `${Number(value.toPrecision(3))}`;
}
