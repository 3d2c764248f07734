import { BACKENDS, type BackendChoice, type BackendName, UnavailableBackendError, useBackend } from '../src/index.js';
import { usableInstallations } from '../src/native/NativeInstallation.js';

/**
 * All backends; those that do not run here with the reason.
 *
 * @throws UnavailableBackendError if native TensorFlow is installed and does not run: that is no reason to skip its tests
 */
export async function usableBackends(): Promise<{ backend: BackendName; choice?: BackendChoice; reason?: string }[]> {
  const found = [];
  for (const backend of BACKENDS) {
    try {
      found.push({ backend, choice: await useBackend(backend) });
    } catch (error) {
      if (!(error instanceof UnavailableBackendError)) throw error;
      if (backend === 'node' && (await usableInstallations()).length > 0) throw error;
      found.push({ backend, reason: error.reason });
    }
  }
  return found;
}
