import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { abortOnSignals } from './abortOnSignals.js';
import { type CheckedTensorflow, checkInstallation } from './checkInstallation.js';
import { compileAddon } from './compileAddon.js';
import { CUDA_LIBRARIES_FILE, CUDA_LIBRARIES_SOURCE } from './cudaLibraries.js';
import { installedAlready } from './installedAlready.js';
import { linkIntoProject } from './linkIntoProject.js';
import { type NativeInstallation, readInstallation, writeInstallation } from './NativeInstallation.js';
import { addonOf, packageFolderOf } from './nativePackage.js';
import { type InstallStep, type NativePlan, type NativePlanOptions, planNativeInstall } from './planNativeInstall.js';
import { runPython } from './privateTensorflow.js';
import { requireRoom } from './requireRoom.js';
import { runNpm } from './runNpm.js';
import type { ToolOptions } from './runTool.js';
import { makeStaging, moveIntoPlace, removeForgotten, removeStaging } from './staging.js';
import { readTensorflow } from './TensorflowLibrary.js';
import { whyNoGpu } from './whyNoGpu.js';

/** The calls of this process, one after the other: what one has made, the next one finds. */
let earlierCalls: Promise<unknown> = Promise.resolve();

/** From 23 on, Node lacks what `supplyRemovedUtil` supplies. */
const nodeMajor = Number.parseInt(process.versions.node, 10);

/** Options of `installNative`. */
export interface NativeInstallOptions extends NativePlanOptions {
  /**
   * Whether to copy the addon into the package of the same name and version that the project has installed itself, if
   * that one has none: `require('@tensorflow/tfjs-node')` then works there, too, except that Node ≥ 23 lacks functions
   * which `loadNative` supplies. Default false.
   */
  link?: boolean;
  /** Folder of that project. Default: the current one. */
  projectFolder?: string;
  /** Hears one sentence for each step. */
  onProgress?: (message: string) => void;
}

/** What `installNative` has done. */
export interface NativeInstallResult {
  installation: NativeInstallation;
  /** Whether this call made it; else it was there. */
  isNew: boolean;
  /** The addon that was copied into the project by this call. */
  linkedInto?: string;
}

/**
 * Makes native TensorFlow work: fetches the package from npm, and TensorFlow from Python's index where no Python has one
 * that will do, compiles the package's addon for it, and checks a product and a gradient. What fails, is aborted or ended
 * by Ctrl-C leaves the cache as it was. If the same is installed and passes the check, it does nothing. Calls at the same
 * time wait for each other.
 *
 * @throws Error if it cannot be done here: one sentence with the remedy; or the signal's reason
 */
export async function installNative(options: NativeInstallOptions = {}): Promise<NativeInstallResult> {
  return abortOnSignals(options.signal, async (signal) => {
    const turn = unlessAborted(earlierCalls, signal).then(() => install({ ...options, signal }));
    earlierCalls = Promise.allSettled([earlierCalls, turn]).then(() => undefined);
    return turn;
  });
}

/** Waits for something, and no longer than until the signal is aborted, whose reason it throws then. */
async function unlessAborted(waiting: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  await Promise.race([waiting, aborted]);
}

async function install(options: NativeInstallOptions): Promise<NativeInstallResult> {
  const { link = false, projectFolder = process.cwd(), onProgress = () => {}, signal } = options;
  const existing = await installedAlready(options);
  if (existing) onProgress(`TensorFlow ${existing.tensorflowVersion} is installed already, in ${existing.folder}.`);
  // What is there and does not work has been tried now.
  const installation =
    existing ?? (await make(await planNativeInstall({ ...options, force: true }), onProgress, signal));
  const linkedInto = link ? await tryLink(installation, projectFolder, onProgress, signal) : undefined;
  const links = linkedInto ? [...installation.links, linkedInto] : installation.links;
  return { installation: { ...installation, links }, isNew: !existing, linkedInto };
}

/** Makes a planned installation in the staging folder, and moves it into place once it has passed the check. */
async function make(
  { folder, staging, steps, ...planned }: NativePlan,
  onProgress: (message: string) => void,
  signal?: AbortSignal,
): Promise<NativeInstallation> {
  const run = <Result>(step: InstallStep, tool: (command: readonly string[], options: ToolOptions) => Result) => {
    onProgress(step.description);
    return tool(step.command, { cwd: staging, signal });
  };
  const { packageName, packageVersion, tensorflowFolder, isCudaBuild } = planned;
  const addon = addonOf(packageFolderOf({ folder: staging, packageName }));
  await removeForgotten(dirname(staging));
  try {
    await makeStaging(staging);
    await requireRoom(staging, planned.neededBytes);
    await run(steps.packages, runNpm);
    if (steps.environment) await run(steps.environment, runPython);
    if (steps.tensorflow) await run(steps.tensorflow, runPython);
    await readTensorflow(tensorflowFolder);
    if (isCudaBuild) await writeFile(join(staging, CUDA_LIBRARIES_FILE), CUDA_LIBRARIES_SOURCE);
    await mkdir(dirname(addon), { recursive: true });
    await run(steps.addon, compileAddon);
    const checked = await run(steps.check, checkInstallation);
    onProgress(summaryOf(checked, isCudaBuild));
    await writeInstallation({
      folder: staging,
      packageName,
      packageVersion,
      tensorflowVersion: checked.tensorflowVersion,
      tensorflowFolder,
      isCudaBuild,
      platform: process.platform,
      arch: process.arch,
      addonBytes: (await stat(addon)).size,
      installedAt: new Date().toISOString(),
      links: (await readInstallation(folder)).installation?.links ?? [],
    });
    signal?.throwIfAborted();
    await moveIntoPlace(staging, folder);
  } finally {
    await removeStaging(staging);
  }
  const { installation, problem } = await readInstallation(folder);
  if (!installation || problem) throw new Error(problem);
  onProgress(`It is installed in ${folder}.`);
  return installation;
}

function summaryOf({ tensorflowVersion, isUsingGpu, messages }: CheckedTensorflow, isCudaBuild: boolean): string {
  if (isUsingGpu) return `TensorFlow ${tensorflowVersion} works, on the GPU.`;
  const why = isCudaBuild ? `: ${whyNoGpu(messages)}` : '.';
  return `TensorFlow ${tensorflowVersion} works, on the CPU${why}`;
}

/** Copies the addon into the project. What goes wrong there does not spoil what is in the cache. */
async function tryLink(
  installation: NativeInstallation,
  projectFolder: string,
  onProgress: (message: string) => void,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { packageName } = installation;
  try {
    const addon = await linkIntoProject(installation, projectFolder, signal);
    if (addon) onProgress(`The project's own ${packageName} has an addon now, too: ${addon}.`);
    if (addon && nodeMajor >= 23) {
      onProgress(`It calls functions that Node ${nodeMajor} lacks; loadNative() of @gradis/backends supplies them.`);
    }
    return addon;
  } catch (error) {
    signal?.throwIfAborted();
    onProgress(`The project's own ${packageName} was left without an addon: ${(error as Error).message}`);
    return undefined;
  }
}
