import { stat } from 'node:fs/promises';
import { renderReport } from '../report/renderReport.js';
import { renderSummary } from '../report/renderSummary.js';
import { ResultsFolder } from '../run/ResultsFolder.js';

/** Reads the finished runs of a folder, writes its report, and gives what is to be printed. */
export async function report(path: string, { json }: { json: boolean }): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) {
    const problem = found ? `${path} is a file, not a folder` : `there is no folder ${path}`;
    throw new Error(`${problem}; give one that gradis bench has written.`);
  }
  const folder = new ResultsFolder(path);
  const runs = await folder.readRuns();
  if (runs.length === 0) throw new Error(`${path} holds no finished run; give a folder that gradis bench has written.`);
  await folder.writeReport(renderReport(runs));
  if (json) return `${JSON.stringify({ folder: path, report: folder.reportPath, runs }, null, 2)}\n`;
  return `${renderSummary(runs, { columns: process.stdout.columns })}\nReport: ${folder.reportPath}\n`;
}
