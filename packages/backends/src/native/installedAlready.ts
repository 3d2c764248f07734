import { chooseTensorflow } from './chooseTensorflow.js';
import { fitsHere, hasOwnTensorflow, type NativeInstallation, nativeInstallations } from './NativeInstallation.js';
import { nativePackage } from './nativePackage.js';
import type { NativePlanOptions } from './planNativeInstall.js';
import { PRIVATE_TENSORFLOW } from './privateTensorflow.js';

/**
 * The newest intact installation that is what is wanted, if there is one: of the version of TensorFlow.js in use, and, if
 * a TensorFlow or a Python is named, for that TensorFlow. It needs no compiler, and no Python unless one is named.
 *
 * @throws Error if the TensorFlow or the Python that is named will not do; or the signal's reason
 */
export async function installedAlready(wish: NativePlanOptions): Promise<NativeInstallation | undefined> {
  if (wish.force) return undefined;
  const fitting = (await nativeInstallations(wish.cacheFolder)).flatMap(({ installation, problem }) => {
    const isFitting = installation && !problem && fitsHere(installation);
    return isFitting && installation.packageName === nativePackage(wish.gpu) ? [installation] : [];
  });
  if (fitting.length === 0 || (wish.tensorflow === undefined && wish.python === undefined)) return fitting[0];
  const choice = await chooseTensorflow(wish, wish.signal);
  return fitting.find((installation) =>
    'library' in choice
      ? installation.tensorflowFolder === choice.library.folder
      : hasOwnTensorflow(installation) && installation.tensorflowVersion === PRIVATE_TENSORFLOW,
  );
}
