import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { addonOf, type NativePackage, nativeFolder, packageFolderOf } from './nativePackage.js';
import { hasTensorflow } from './TensorflowLibrary.js';

/** A package of native TensorFlow in the cache, whole, with an addon that was compiled for a TensorFlow of this machine and checked. */
export interface NativeInstallation {
  folder: string;
  packageName: NativePackage;
  packageVersion: string;
  tensorflowVersion: string;
  /** Where the libraries of TensorFlow are: inside `folder` if they were fetched for it, else of a Python. */
  tensorflowFolder: string;
  /** Whether this TensorFlow can use a GPU of NVIDIA. */
  isCudaBuild: boolean;
  platform: string;
  arch: string;
  /** Size of the addon. */
  addonBytes: number;
  /** When it was made, as in ISO 8601. */
  installedAt: string;
  /** Copies of the addon in projects. */
  links: string[];
}

/** What lies in one folder of the cache. */
export interface FoundInstallation {
  folder: string;
  /** Undefined if its description cannot be read. */
  installation?: NativeInstallation;
  /** Why it cannot be used, in one sentence with the remedy; undefined if it can. */
  problem?: string;
}

/** The file that an installation gets last. */
const DESCRIPTION = 'installation.json';

/** Everything that `installNative` has made, newest first; what is broken, too. Changes nothing. */
export async function nativeInstallations(cacheFolder?: string): Promise<FoundInstallation[]> {
  const root = nativeFolder(cacheFolder);
  const names = (await readdir(root).catch(() => [])).filter((name) => !name.startsWith('.'));
  const found = await Promise.all(names.map((name) => readInstallation(join(root, name))));
  const age = ({ installation }: FoundInstallation) => installation?.installedAt ?? '';
  return found.sort((a, b) => age(b).localeCompare(age(a)));
}

/** Those of them that look intact and are for this machine and the TensorFlow.js that this program uses. */
export async function usableInstallations(cacheFolder?: string): Promise<NativeInstallation[]> {
  const found = await nativeInstallations(cacheFolder);
  return found.flatMap(({ installation, problem }) =>
    installation && !problem && fitsHere(installation) ? [installation] : [],
  );
}

/** Looks at one folder of the cache. */
export async function readInstallation(folder: string): Promise<FoundInstallation> {
  const again = 'npx gradis native install makes it anew.';
  const installation = await readDescription(folder).catch(() => undefined);
  if (!installation) return { folder, problem: `${join(folder, DESCRIPTION)} cannot be read; ${again}` };
  const addon = addonOf(packageFolderOf(installation));
  const size = (await stat(addon).catch(() => undefined))?.size;
  if (size !== installation.addonBytes) {
    const what = size === undefined ? 'is missing' : 'is not as it was compiled';
    return { folder, installation, problem: `${addon} ${what}; ${again}` };
  }
  if (!(await hasTensorflow(installation.tensorflowFolder))) {
    const problem = `the libraries of TensorFlow are gone from ${installation.tensorflowFolder}; ${again}`;
    return { folder, installation, problem };
  }
  return { folder, installation };
}

/** Writes down what an installation is, so that it can be moved together with a TensorFlow inside it. */
export async function writeInstallation({ folder, ...installation }: NativeInstallation): Promise<void> {
  const { tensorflowFolder } = installation;
  const description = isInside(folder, tensorflowFolder)
    ? { ...installation, tensorflowFolder: relative(folder, tensorflowFolder) }
    : installation;
  const file = join(folder, DESCRIPTION);
  await writeFile(`${file}.partial`, `${JSON.stringify(description, null, 2)}\n`);
  await rename(`${file}.partial`, file);
}

/** Whether an installation is for this machine and for the TensorFlow.js that this program uses. */
export function fitsHere({ packageVersion, platform, arch }: NativeInstallation): boolean {
  return packageVersion === tf.version.tfjs && platform === process.platform && arch === process.arch;
}

/** Whether TensorFlow was fetched for an installation, and belongs to it. */
export function hasOwnTensorflow({ folder, tensorflowFolder }: NativeInstallation): boolean {
  return isInside(folder, tensorflowFolder);
}

async function readDescription(folder: string): Promise<NativeInstallation> {
  const text = await readFile(join(folder, DESCRIPTION), 'utf8');
  const description = JSON.parse(text) as Omit<NativeInstallation, 'folder'>;
  for (const name of [
    'packageName',
    'packageVersion',
    'tensorflowVersion',
    'tensorflowFolder',
    'installedAt',
  ] as const) {
    if (typeof description[name] !== 'string') throw new TypeError(`${name} is no text`);
  }
  const { tensorflowFolder, links = [] } = description;
  return { ...description, folder, tensorflowFolder: resolve(folder, tensorflowFolder), links };
}

function isInside(folder: string, path: string): boolean {
  return !relative(folder, path).startsWith('..');
}
