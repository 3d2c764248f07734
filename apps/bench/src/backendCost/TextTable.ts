import Table from 'cli-table3';

/** A table of text. The last cell of a row that is shorter than the head reaches to the end. */
export interface TextTable {
  title: string;
  head: string[];
  rows: string[][];
  /** Number of columns at the left that hold names; the others hold numbers. */
  names: number;
}

/** The table for a terminal. */
export function renderText({ title, head, rows, names }: TextTable): string {
  const colAligns = head.map((_, column) => (column < names ? ('left' as const) : ('right' as const)));
  const table = new Table({ head, colAligns, style: { head: [], border: [], compact: true } });
  for (const row of rows) {
    const colSpan = head.length - row.length + 1;
    const last = { content: row.at(-1), colSpan, hAlign: colSpan > 1 ? ('left' as const) : undefined };
    table.push([...row.slice(0, -1), last]);
  }
  return `${title}\n${table.toString()}\n`;
}

/** The table in GitHub's Markdown. */
export function renderMarkdown({ title, head, rows, names }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const filled = (row: readonly string[]) => head.map((_, column) => row[column] ?? '');
  const rule = head.map((_, column) => (column < names ? '---' : '---:'));
  return [`${title}\n`, line(head), line(rule), ...rows.map((row) => line(filled(row)))].join('\n').concat('\n');
}
