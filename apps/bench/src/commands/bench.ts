import type { Experiment } from '../experiments/Experiment.js';
import { LineProgress } from '../progress/LineProgress.js';
import { LiveProgress } from '../progress/LiveProgress.js';
import { runComparison } from '../run/runComparison.js';
import { INTERRUPTED, interruption } from './interruption.js';
import { type PlanFlags, planComparison } from './planComparison.js';
import { report } from './report.js';

/** Flags of `gradis bench`. */
export interface BenchFlags extends PlanFlags {
  json: boolean;
}

/** Makes the runs of a comparison, or the rest of them, then its report. Gives the exit code. */
export async function bench(experiment: Experiment, flags: BenchFlags): Promise<number> {
  const { settings, folder, device } = await planComparison(experiment, flags);
  const { stderr, stdout } = process;
  const progress = stderr.isTTY ? new LiveProgress(stderr) : new LineProgress(stderr);
  const stop = interruption(() => progress.note('Stopping after the current step; once more to stop at once.'));

  try {
    await runComparison({ experiment, settings, folder, device, progress, signal: stop.signal });
  } catch (error) {
    if (error !== stop.signal.reason) throw error;
  } finally {
    progress.stop();
    stop.dispose();
  }
  const interrupted = stop.signal.aborted;
  if (interrupted) {
    stderr.write(`Interrupted. Continue with: ${command(experiment)} --resume --out ${folder.path}\n`);
  }
  const trained = (await folder.readRuns()).some(({ epochs }) => (epochs.at(-1)?.epoch ?? 0) > 0);
  if (trained) stdout.write(await report(folder.path, flags));
  else if (!interrupted) stderr.write('No run has finished an epoch, so there is nothing to compare.\n');
  if (interrupted) return INTERRUPTED;
  return trained ? 0 : 1;
}

/** How this was called: by its own name, or by the script of a clone of the repository. */
function command({ name }: Experiment): string {
  return process.env.npm_lifecycle_event === 'bench' ? 'npm run bench --' : `gradis bench ${name}`;
}
