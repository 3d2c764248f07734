import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { parseRun, type RunHeader, type RunRecord, serializeRun } from '@gradis/metrics';
import { methods } from '@gradis/training';
import writeFileAtomic from 'write-file-atomic';
import { makeFolder } from '../files/makeFolder.js';
import { fileName, type RunId } from './RunId.js';
import type { RunState } from './runOne.js';
import type { Settings } from './Settings.js';
import type { BackendRequest } from './startBackend.js';

/** What was asked for, kept beside the runs so that they can be continued. */
export interface Plan {
  experiment: string;
  settings: Settings;
  /** Where the runs are made, once they are begun. */
  device?: Required<Pick<BackendRequest, 'backend'>> & BackendRequest;
}

/** A run that was begun and not finished. */
export interface Checkpoint extends RunState {
  header: RunHeader;
}

/** The files of a comparison: its plan, a file for each finished run, a checkpoint for each begun one, the report. */
export class ResultsFolder {
  constructor(readonly path: string) {}

  get reportPath(): string {
    return join(this.path, 'report.html');
  }

  /** The plan, or undefined if the folder holds none. */
  async readPlan(): Promise<Plan | undefined> {
    const text = await readIfThere(join(this.path, 'plan.json'));
    if (!text) return undefined;
    try {
      const plan = JSON.parse(text.toString()) as Plan;
      if (typeof plan.experiment === 'string' && Array.isArray(plan.settings?.methods)) return plan;
    } catch {
      // Not JSON: the same as a plan that is none.
    }
    throw new Error(`${join(this.path, 'plan.json')} is no plan of gradis bench: mend or delete it.`);
  }

  async writePlan(plan: Plan): Promise<void> {
    await makeFolder(this.path, 'choose another one with --out.');
    await writeFileAtomic(join(this.path, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`);
  }

  /** The finished runs: methods in their usual order, then seeds. */
  async readRuns(): Promise<RunRecord[]> {
    const names = (await readdir(this.path)).filter((name) => name.endsWith('.jsonl'));
    const runs = await Promise.all(names.map((name) => this.#readRun(join(this.path, name))));
    const rank = ({ method }: RunRecord) => Object.keys(methods).indexOf(method);
    return runs.sort((a, b) => rank(a) - rank(b) || a.seed - b.seed);
  }

  async writeRun(id: RunId, run: RunRecord): Promise<void> {
    await writeFileAtomic(join(this.path, `${fileName(id)}.jsonl`), serializeRun(run));
    await rm(this.#checkpointPath(id), { force: true });
  }

  /** The checkpoint of a run that was begun and not finished. */
  async readCheckpoint(id: RunId): Promise<Checkpoint | undefined> {
    const bytes = await readIfThere(this.#checkpointPath(id));
    if (!bytes) return undefined;
    try {
      return deserialize(bytes) as Checkpoint;
    } catch (cause) {
      throw new Error(`${this.#checkpointPath(id)} is damaged: delete it to make that run again.`, { cause });
    }
  }

  async writeCheckpoint(id: RunId, checkpoint: Checkpoint): Promise<void> {
    await writeFileAtomic(this.#checkpointPath(id), serialize(checkpoint));
  }

  async writeReport(html: string): Promise<void> {
    await writeFileAtomic(this.reportPath, html);
  }

  #checkpointPath(id: RunId): string {
    return join(this.path, `${fileName(id)}.checkpoint`);
  }

  async #readRun(path: string): Promise<RunRecord> {
    try {
      return parseRun(await readFile(path, 'utf8'));
    } catch (cause) {
      throw new Error(`${path}: ${(cause as Error).message}`, { cause });
    }
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Error(`cannot read ${path} (${code}); choose another folder with --out.`, { cause: error });
  }
}
