import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Experiment, PresetName } from '../experiments/Experiment.js';
import { ResultsFolder } from '../run/ResultsFolder.js';
import type { Settings } from '../run/Settings.js';
import type { BackendRequest } from '../run/startBackend.js';
import { requireReadFlags } from './requireReadFlags.js';

/** What the command line says about a comparison. */
export interface PlanFlags {
  /** Default `quick`. */
  preset?: PresetName;
  /** Settings given on the command line, which take the place of the preset's. */
  given: Partial<Settings>;
  out?: string;
  resume: boolean;
  /** Where to train; a comparison that is begun stays where it is. */
  device: BackendRequest;
}

/** A comparison that is about to be made. */
export interface PlannedComparison {
  settings: Settings;
  folder: ResultsFolder;
  device: BackendRequest;
}

/** Folder of results where none is given. */
const RESULTS = 'results';

/**
 * Settles settings and folder. A new comparison gets a folder of its own; a resumed one keeps the settings it was begun
 * with, and may be given more methods or seeds.
 */
export async function planComparison(experiment: Experiment, flags: PlanFlags): Promise<PlannedComparison> {
  return flags.resume ? resumedComparison(experiment, flags) : newComparison(experiment, flags);
}

async function newComparison(
  experiment: Experiment,
  { preset = 'quick', given, out, device }: PlanFlags,
): Promise<PlannedComparison> {
  const settings = withLimits({ ...experiment.presets[preset], ...given }, given);
  requireReadFlags(given, settings);
  const folder = new ResultsFolder(out ?? join(RESULTS, `${experiment.name}-${timestamp(new Date())}`));
  if (await folder.readPlan()) {
    throw new Error(`${folder.path} holds a comparison already: continue it with --resume, or choose another --out.`);
  }
  await folder.writePlan({ experiment: experiment.name, settings });
  return { settings, folder, device: { threads: experiment.threads, ...definedOf(device) } };
}

async function resumedComparison(
  experiment: Experiment,
  { preset, given, out, device }: PlanFlags,
): Promise<PlannedComparison> {
  const folder = new ResultsFolder(out ?? (await latestFolder(experiment.name)));
  const plan = await folder.readPlan();
  if (!plan) throw new Error(`${folder.path} holds no comparison to resume; begin one without --resume.`);
  if (plan.experiment !== experiment.name) {
    throw new Error(`${folder.path} holds the experiment ${plan.experiment}, not ${experiment.name}.`);
  }
  if (preset) throw new Error(`${folder.path} is begun, so its preset is settled; leave --preset out to resume it.`);
  const { methods = [], seeds = 0, ...fixed } = given;
  const wanted = Object.entries({ ...fixed, ...(plan.device && definedOf(device)) });
  for (const [name, value] of wanted) {
    const begun = { ...plan.settings, ...plan.device }[name as keyof Settings];
    if (value !== 'auto' && !isDeepStrictEqual(begun, value)) {
      throw new Error(`${folder.path} was begun with ${name} ${begun ?? 'unset'}; it cannot be resumed with ${value}.`);
    }
  }
  const settings = {
    ...plan.settings,
    methods: [...new Set([...plan.settings.methods, ...methods])],
    seeds: Math.max(plan.settings.seeds, seeds),
  };
  await folder.writePlan({ ...plan, settings });
  return { settings, folder, device: plan.device ?? device };
}

function definedOf(device: BackendRequest): BackendRequest {
  return JSON.parse(JSON.stringify(device));
}

/** A time budget alone lifts the preset's limit of epochs: runs then end by the clock. */
function withLimits(settings: Settings, given: Partial<Settings>): Settings {
  const byTime = given.budgetSeconds !== undefined && given.epochs === undefined;
  return byTime ? { ...settings, epochs: undefined } : settings;
}

async function latestFolder(experiment: string): Promise<string> {
  const names = await readdir(RESULTS).catch(() => []);
  const latest = names
    .filter((name) => name.startsWith(`${experiment}-`))
    .sort()
    .at(-1);
  if (!latest) throw new Error(`there is nothing to resume in ${RESULTS}; give the folder with --out.`);
  return join(RESULTS, latest);
}

/** A local time that sorts and may be in a file name on every system: `2026-01-31-154500`. */
function timestamp(now: Date): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  const date = [now.getFullYear(), pad(now.getMonth() + 1), pad(now.getDate())].join('-');
  return `${date}-${pad(now.getHours())}${pad(now.getMinutes())}${pad(now.getSeconds())}`;
}
