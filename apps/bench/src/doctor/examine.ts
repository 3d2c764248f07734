import { BACKENDS, type BackendName, nativeInstallations } from '@gradis/backends';
import { describeMachine } from '../run/environment.js';
import type { BackendHealth, Health } from './Health.js';
import { nvidiaGpus } from './nvidiaGpus.js';
import { packageVersions } from './packageVersions.js';

/** Looks at every backend, one after the other, so that none slows another down. */
export async function examine(
  measure: (backend: BackendName) => Promise<BackendHealth>,
  onProgress: (message: string) => void = () => {},
): Promise<Health> {
  const backends: BackendHealth[] = [];
  for (const backend of BACKENDS) {
    onProgress(`Looking at ${backend} …`);
    backends.push(await measure(backend));
  }
  const installations = await nativeInstallations();
  return {
    ...describeMachine(),
    gpus: await nvidiaGpus(),
    packages: packageVersions(),
    nativeInstallations: installations.map(({ folder, installation, problem }) =>
      problem || !installation
        ? `${folder}: ${problem}`
        : `TensorFlow ${installation.tensorflowVersion} for ${installation.packageName} ${installation.packageVersion}`,
    ),
    backends,
    auto: backends.find(({ runs, isSoftware }) => runs && !isSoftware)?.backend,
  };
}
