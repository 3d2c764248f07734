import { methods } from '@gradis/training';
import pc from 'picocolors';
import { experiments } from '../experiments/index.js';

/** What can be compared, and on what. */
export function list(): string {
  const lines = [pc.bold('Experiments')];
  for (const { name, summary, quickNote } of Object.values(experiments)) {
    lines.push(`  ${pc.cyan(name.padEnd(18))} ${summary}`);
    lines.push(`  ${''.padEnd(18)} ${pc.dim(`preset quick: ${quickNote} (preset paper)`)}`);
  }
  lines.push('', pc.bold('Methods'));
  for (const [name, { summary, biased, reference }] of Object.entries(methods)) {
    lines.push(`  ${pc.cyan(name.padEnd(18))} ${summary}`);
    lines.push(`  ${''.padEnd(18)} ${biased ? pc.yellow('biased') : 'unbiased'}${pc.dim(` · ${reference}`)}`);
  }
  return `${lines.join('\n')}\n`;
}
