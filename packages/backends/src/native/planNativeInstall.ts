import { join, resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { checkCommand } from './checkInstallation.js';
import { chooseTensorflow, type TensorflowChoice, type TensorflowWish } from './chooseTensorflow.js';
import { compileCommand } from './compileCommand.js';
import { findCompiler } from './findCompiler.js';
import { installedAlready } from './installedAlready.js';
import type { NativeInstallation } from './NativeInstallation.js';
import { installationKey, type NativePackage, nativeFolder, nativePackage } from './nativePackage.js';
import { PRIVATE_TENSORFLOW, privateTensorflow } from './privateTensorflow.js';
import { npmCommand } from './runNpm.js';
import { stagingFolder } from './staging.js';

/** What is to be installed, and where. */
export interface NativePlanOptions extends TensorflowWish {
  /** Whether to make anew what is installed already. Default false. */
  force?: boolean;
  /** Folder of the cache. Default: `cacheFolder()`. */
  cacheFolder?: string;
  signal?: AbortSignal;
}

/** One step of an installation. */
export interface InstallStep {
  /** One sentence. */
  description: string;
  /** What is run in the staging folder. */
  command: readonly string[];
}

/** What an installation does, in this order. */
export interface InstallSteps {
  packages: InstallStep;
  /** Only where TensorFlow has to be fetched. */
  environment?: InstallStep;
  /** Only where TensorFlow has to be fetched. */
  tensorflow?: InstallStep;
  addon: InstallStep;
  check: InstallStep;
}

/** An installation that can be made here. */
export interface NativePlan {
  /** Where it will be. */
  folder: string;
  /** Where it is made; this folder exists only meanwhile. */
  staging: string;
  packageName: NativePackage;
  packageVersion: string;
  tensorflowVersion: string;
  /** Folder of TensorFlow while the installation is made: inside `staging` if it has to be fetched. */
  tensorflowFolder: string;
  /** The same installation made earlier, which works: then there is nothing to do. */
  existing?: NativeInstallation;
  /** Whether this TensorFlow can use a GPU of NVIDIA. */
  isCudaBuild: boolean;
  /** Bytes that it takes on the disk, about. */
  neededBytes: number;
  steps: InstallSteps;
}

/** The headers of N-API: the version that was tried, or a newer one, which only adds to it. */
const HEADERS = 'node-api-headers@^1.9.0';

/** What the packages of npm and the addon take on the disk. */
const PACKAGES_BYTES = 310e6;

/** No script of a package runs, and nothing is taken from or written to the settings of a project. */
const NPM_OPTIONS = [
  ...['--ignore-scripts', '--no-save', '--no-package-lock', '--no-global', '--no-audit', '--no-fund'],
  ...['--no-update-notifier', '--loglevel=error'],
];

/**
 * Finds out what `installNative` would do, and changes nothing: it looks for a TensorFlow and a compiler.
 *
 * Linux on x64 is what it was run on. For Linux and macOS on arm64 it follows what their wheels of TensorFlow contain
 * (names of the libraries, and how they refer to each other), and was not run.
 *
 * @throws Error if it cannot be done here: one sentence with the remedy; or the signal's reason
 */
export async function planNativeInstall(options: NativePlanOptions = {}): Promise<NativePlan> {
  const { gpu = false, cacheFolder, signal } = options;
  const { platform, arch } = process;
  if (platform === 'win32') {
    throw new Error("native TensorFlow cannot be installed on Windows yet; use WSL 2, or the backend 'webgpu'.");
  }
  const packageName = nativePackage(gpu);
  const packageVersion = tf.version.tfjs;
  const root = nativeFolder(cacheFolder);
  const staging = stagingFolder(root, gpu ? 'gpu' : 'cpu');

  const source = sourceOf(await chooseTensorflow(options, signal), gpu, staging);
  const tensorflowVersion = source.version;
  const folder = join(root, installationKey({ packageName, packageVersion, tensorflowVersion, platform, arch }));
  const tensorflow = { now: resolve(staging, source.folder), later: resolve(folder, source.folder) };
  const compiler = await findCompiler(process.env, signal);
  return {
    folder,
    staging,
    packageName,
    packageVersion,
    tensorflowVersion,
    tensorflowFolder: tensorflow.now,
    isCudaBuild: source.isCudaBuild,
    neededBytes: PACKAGES_BYTES + source.bytes,
    existing: await installedAlready(options),
    steps: {
      packages: {
        description: `Fetch ${packageName} ${packageVersion} and the headers of N-API from npm.`,
        command: [...npmCommand(), 'install', ...NPM_OPTIONS, `${packageName}@${packageVersion}`, HEADERS],
      },
      ...source.steps,
      addon: {
        description: `Compile the addon for TensorFlow ${tensorflowVersion} in ${tensorflow.later}.`,
        command: compileCommand({
          compiler,
          packageName,
          staging,
          tensorflow,
          isCudaBuild: source.isCudaBuild,
          platform,
        }),
      },
      check: {
        description: 'Check a product and a gradient in a process of its own.',
        command: checkCommand(staging, packageName),
      },
    },
  };
}

/** Where TensorFlow comes from. */
interface TensorflowSource {
  version: string;
  isCudaBuild: boolean;
  /** Its folder; relative to the installation if it is fetched. */
  folder: string;
  /** What it takes on the disk of the installation. */
  bytes: number;
  steps: Pick<InstallSteps, 'environment' | 'tensorflow'>;
}

function sourceOf(choice: TensorflowChoice, gpu: boolean, staging: string): TensorflowSource {
  if ('library' in choice) return { ...choice.library, bytes: 0, steps: {} };
  const { folder, requirement, size, bytes, createCommand, installCommand } = privateTensorflow(
    choice.python,
    gpu,
    staging,
  );
  const environment = `Make a private environment of Python ${choice.python.version}, because ${choice.why}.`;
  return {
    version: PRIVATE_TENSORFLOW,
    isCudaBuild: gpu,
    folder,
    bytes,
    steps: {
      environment: { description: environment, command: createCommand },
      tensorflow: { description: `Fetch ${requirement} into it (${size}).`, command: installCommand },
    },
  };
}
