import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isFile } from './isFile.js';

/** A TensorFlow that an addon can be linked with: the folder `tensorflow` of a Python wheel. */
export interface TensorflowLibrary {
  folder: string;
  version: string;
  /** Whether it can use a GPU of NVIDIA. */
  isCudaBuild: boolean;
}

/** The first version whose wheels have the C API in a library of its own, and the headers for it. */
export const OLDEST_TENSORFLOW = '2.12';

/** Two of the headers that the addon includes; a wheel that has them has all. */
const HEADERS = ['tensorflow/c/eager/c_api.h', 'tensorflow/core/platform/ctstring_internal.h'];

/** What an addon is linked with: the C API, and what it builds on. */
export function libraryNames(platform: NodeJS.Platform = process.platform): string[] {
  const names = ['libtensorflow_cc', 'libtensorflow_framework'];
  return names.map((name) => (platform === 'darwin' ? `${name}.2.dylib` : `${name}.so.2`));
}

/**
 * Looks at a folder `tensorflow` of a Python's `site-packages`, without starting Python.
 *
 * @throws Error if an addon cannot be built with what is in it; one sentence with the remedy
 */
export async function readTensorflow(folder: string): Promise<TensorflowLibrary> {
  const version = await versionBeside(folder);
  if (version && isOlder(version, OLDEST_TENSORFLOW)) {
    throw new Error(
      `TensorFlow ${version} in ${folder} is too old: the addon needs ${OLDEST_TENSORFLOW} or newer; pip install --upgrade tensorflow, or give another folder.`,
    );
  }
  const needed = [...libraryNames(), ...HEADERS.map((header) => join('include', header))];
  for (const file of needed) {
    if (!(await isFile(join(folder, file)))) {
      throw new Error(
        `there is no ${file} in ${folder}; give the folder 'tensorflow' in the site-packages of a Python that has TensorFlow ${OLDEST_TENSORFLOW} or newer.`,
      );
    }
  }
  if (!version) {
    throw new Error(
      `the version of TensorFlow in ${folder} is unknown, because no tensorflow-….dist-info lies beside it; give the folder 'tensorflow' where pip put it.`,
    );
  }
  return { folder, version, isCudaBuild: await isCudaBuild(folder) };
}

/** Whether the libraries of TensorFlow are in a folder. */
export async function hasTensorflow(folder: string): Promise<boolean> {
  const found = await Promise.all(libraryNames().map((name) => isFile(join(folder, name))));
  return found.every(Boolean);
}

/** The version that pip wrote down beside a package: `tensorflow_cpu-2.21.0.dist-info`. */
async function versionBeside(folder: string): Promise<string | undefined> {
  const names = await readdir(dirname(folder)).catch(() => []);
  const pattern = /^(?:tensorflow|tf_nightly)(?:_(?:cpu|gpu|cpu_aws|macos|rocm))?-(\d[^-]*)\.dist-info$/;
  return names.map((name) => pattern.exec(name)?.[1]).find(Boolean);
}

/** TensorFlow's own word on how it was built. */
async function isCudaBuild(folder: string): Promise<boolean> {
  const info = join(folder, 'python', 'platform', 'build_info.py');
  return /['"]is_cuda_build['"],\s*True/.test(await readFile(info, 'utf8').catch(() => ''));
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}
