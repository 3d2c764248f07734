import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { missingLibrary } from './missingLibrary.js';
import { type NativeCandidate, nativeCandidates } from './nativeCandidates.js';
import { type NativeBackend, nativeBackend, requireNative } from './requireNative.js';

/** Options of `loadNative`. */
export interface NativeLoadOptions {
  /**
   * `true`: only a TensorFlow that was built for a GPU. `false`: on the CPU, also with one that was. Default: what there
   * is, one for a GPU first.
   */
  gpu?: boolean;
  /** Threads of one operation: at least 1. Default: what TensorFlow does by itself, which is all cores. */
  threads?: number;
  /** Folder of the project. Default: the current one, and that of the program. */
  projectFolder?: string;
  /** Folder of the cache. Default: `cacheFolder()`. */
  cacheFolder?: string;
}

/** A native TensorFlow that runs in this process. */
export interface LoadedNative {
  tensorflowVersion: string;
  packageName: string;
  /** Undefined if the program itself has loaded the package, which does not tell it. */
  packageVersion?: string;
  isUsingGpu: boolean;
  /** Whether the package is the project's own, or one that `installNative` made. */
  source: 'project' | 'cache';
  /** Threads of one operation that it was started with; undefined: as many as it likes. */
  threads?: number;
}

interface Started {
  native: LoadedNative;
  mayUseGpu: boolean;
}

/** What this process has loaded, and whether it was allowed to use a GPU. TensorFlow starts once in a process. */
let started: Started | undefined;

/**
 * Loads native TensorFlow into this process, once: the project's own package if it has an addon that works, else the
 * newest one that `installNative` made for this version of TensorFlow.js. The backend is then registered as `tensorflow`.
 * It becomes the current one only if there was none.
 *
 * @throws Error if there is none, it does not load, or it runs already in another way: one sentence with the remedy;
 *   RangeError on a number of threads that is none
 */
export async function loadNative(options: NativeLoadOptions = {}): Promise<LoadedNative> {
  const { gpu, threads, projectFolder, cacheFolder } = options;
  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads >= 1)) {
    throw new RangeError(`threads is ${threads}; it must be a whole number ≥ 1.`);
  }
  started ??= startedByOthers();
  if (!started) {
    const version = tf.version.tfjs;
    const projectFolders = projectFolder === undefined ? currentFolders() : [projectFolder];
    const found = await nativeCandidates({ gpu, version, projectFolders, cacheFolder });
    // A call at the same time may have been faster.
    started ??= startFirst(found, options);
  }
  const { native, mayUseGpu } = started;
  if (gpu === false ? native.isUsingGpu : gpu && !mayUseGpu) {
    throw new Error(
      `TensorFlow runs ${mayUseGpu ? 'on the GPU' : 'without a GPU'} in this process already and starts only once; choose in another process.`,
    );
  }
  if (threads !== undefined && threads !== native.threads) {
    const runsWith = native.threads === undefined ? 'its default number of threads' : `threads: ${native.threads}`;
    process.emitWarning(
      `TensorFlow runs with ${runsWith} already; threads: ${threads} comes too late in this process.`,
    );
  }
  return { ...native };
}

/** Where the packages of this program may be. */
function currentFolders(): string[] {
  const program = process.argv[1];
  return program === undefined ? [process.cwd()] : [process.cwd(), dirname(program)];
}

/** What another copy of this library or the program itself has loaded. */
function startedByOthers(): Started | undefined {
  const backend = nativeBackend();
  if (!backend) return undefined;
  const packageName = backend.isGPUPackage ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  return { native: describe(backend, { packageName, source: 'project' }), mayUseGpu: backend.isUsingGpuDevice };
}

function startFirst(candidates: readonly NativeCandidate[], { gpu, threads }: NativeLoadOptions): Started {
  const failures: string[] = [];
  for (const candidate of candidates.filter(({ problem }) => !problem)) {
    try {
      const backend = requireNative(candidate, environmentOf({ gpu, threads }));
      const native = { ...describe(backend, candidate), threads };
      return { native, mayUseGpu: candidate.isGpuBuild && gpu !== false };
    } catch (error) {
      failures.push(problemOf(candidate, error instanceof Error ? error.message : String(error)));
    }
  }
  const what = `native TensorFlow${gpu ? ' for a GPU' : ''}`;
  const install = `npx gradis native install${gpu ? ' --gpu' : ''}`;
  // What has failed says more than what was not tried, and a broken installation more than a package as npm leaves it.
  const [known] = candidates
    .filter(({ problem }) => problem)
    .toSorted((a, b) => Number(a.source === 'project') - Number(b.source === 'project'));
  throw new Error(
    failures[0] ?? known?.problem ?? `there is no ${what} for @tensorflow/tfjs ${tf.version.tfjs}; ${install}.`,
  );
}

/** What TensorFlow reads when it starts. */
function environmentOf({ gpu, threads }: NativeLoadOptions): Record<string, string> {
  return {
    ...(threads !== undefined && { TF_NUM_INTRAOP_THREADS: `${threads}`, TF_NUM_INTEROP_THREADS: `${threads}` }),
    ...(gpu === false && { CUDA_VISIBLE_DEVICES: '-1' }),
  };
}

function describe(
  { binding, isUsingGpuDevice }: NativeBackend,
  { packageName, packageVersion, source }: Pick<LoadedNative, 'packageName' | 'packageVersion' | 'source'>,
): LoadedNative {
  return {
    tensorflowVersion: binding.TF_Version,
    packageName,
    packageVersion,
    isUsingGpu: isUsingGpuDevice,
    source,
  };
}

/** Why a package did not load. Node's loader and the package itself throw errors of many kinds. */
function problemOf({ addon, source, isGpuBuild }: NativeCandidate, message: string): string {
  const remedy =
    source === 'project'
      ? 'remove that file, and npx gradis native install makes another.'
      : `npx gradis native install --force${isGpuBuild ? ' --gpu' : ''} makes it anew.`;
  const library = missingLibrary(message);
  if (library) return `${addon} needs ${library}, which is missing; ${remedy}`;
  return `${addon} does not load (${message.split('\n')[0]}); ${remedy}`;
}
