import { checkCommand, checkInstallation } from './checkInstallation.js';
import { chooseTensorflow } from './chooseTensorflow.js';
import { hasOwnTensorflow, type NativeInstallation, usableInstallations } from './NativeInstallation.js';
import { nativePackage } from './nativePackage.js';
import type { NativePlanOptions } from './planNativeInstall.js';
import { PRIVATE_TENSORFLOW } from './privateTensorflow.js';

/**
 * The newest installation that is what is wanted and works, if there is one: of the version of TensorFlow.js in use, and,
 * if a TensorFlow or a Python is named, for that TensorFlow. It needs no compiler, and no Python unless one is named, and
 * takes some seconds, in which a process of its own computes with it.
 *
 * @throws Error if the TensorFlow or the Python that is named will not do; or the signal's reason
 */
export async function installedAlready(wish: NativePlanOptions): Promise<NativeInstallation | undefined> {
  if (wish.force) return undefined;
  for (const installation of await wanted(wish)) if (await works(installation, wish.signal)) return installation;
  return undefined;
}

/** Installations that are what is wanted, newest first. */
async function wanted(wish: NativePlanOptions): Promise<NativeInstallation[]> {
  const usable = await usableInstallations(wish.cacheFolder);
  const fitting = usable.filter(({ packageName }) => packageName === nativePackage(wish.gpu));
  if (fitting.length === 0 || (wish.tensorflow === undefined && wish.python === undefined)) return fitting;
  const choice = await chooseTensorflow(wish, wish.signal);
  return fitting.filter((installation) =>
    'library' in choice
      ? installation.tensorflowFolder === choice.library.folder
      : hasOwnTensorflow(installation) && installation.tensorflowVersion === PRIVATE_TENSORFLOW,
  );
}

/** A file of the right size may hold anything, and a library that an addon needs may have gone. */
async function works({ folder, packageName }: NativeInstallation, signal?: AbortSignal): Promise<boolean> {
  try {
    await checkInstallation(checkCommand(folder, packageName), { signal });
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}
