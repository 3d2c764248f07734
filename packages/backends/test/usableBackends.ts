import { BACKENDS, type BackendName, UnavailableBackendError, useBackend } from '../src/index.js';

/** All backends; those that do not run here with the reason. */
export async function usableBackends(): Promise<{ backend: BackendName; reason?: string }[]> {
  const found: { backend: BackendName; reason?: string }[] = [];
  for (const backend of BACKENDS) {
    try {
      await useBackend(backend);
      found.push({ backend });
    } catch (error) {
      if (!(error instanceof UnavailableBackendError)) throw error;
      found.push({ backend, reason: error.reason });
    }
  }
  return found;
}
