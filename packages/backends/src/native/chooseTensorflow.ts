import { resolve } from 'node:path';
import { findPython, type Python } from './findPython.js';
import { readTensorflow, type TensorflowLibrary } from './TensorflowLibrary.js';

/** Which TensorFlow is wanted. */
export interface TensorflowWish {
  /** Whether it must be able to use a GPU of NVIDIA. Default false. */
  gpu?: boolean;
  /** Folder `tensorflow` of a Python wheel. Default: the one of the Python, or else one that is fetched. */
  tensorflow?: string;
  /** Name or path of a Python. Default: `python3` or `python`, as the shell finds them. */
  python?: string;
}

/** The TensorFlow to take, or the Python to fetch one with and why. */
export type TensorflowChoice = { library: TensorflowLibrary } | { python: Python; why: string };

/**
 * Looks for a TensorFlow: the given folder, else the one of the given or active Python. If that one will not do, another
 * has to be fetched.
 *
 * @throws Error if the given folder will not do, or nothing can be fetched without a Python; one sentence with the remedy
 */
export async function chooseTensorflow(wish: TensorflowWish, signal?: AbortSignal): Promise<TensorflowChoice> {
  const { gpu = false, tensorflow } = wish;
  if (tensorflow !== undefined) return { library: await suitable(resolve(tensorflow), gpu) };
  const python = await findPython(wish.python, signal);
  if (!python) {
    throw new Error(
      'there is no Python, whose TensorFlow or pip is needed once; install python3 with venv, or give the folder of a TensorFlow with --tensorflow.',
    );
  }
  if (!python.tensorflow) return { python, why: `${python.executable} has no TensorFlow` };
  try {
    return { library: await suitable(python.tensorflow, gpu) };
  } catch (error) {
    // The part before the remedy, which is what happens next.
    return { python, why: (error as Error).message.split(';')[0] as string };
  }
}

async function suitable(folder: string, gpu: boolean): Promise<TensorflowLibrary> {
  const library = await readTensorflow(folder);
  if (gpu && !library.isCudaBuild) {
    throw new Error(
      `TensorFlow ${library.version} in ${folder} was built without CUDA; give one that has it, or leave out --tensorflow to fetch one.`,
    );
  }
  return library;
}
