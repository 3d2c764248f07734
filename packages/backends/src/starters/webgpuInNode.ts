import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BackendStarter, UnavailableBackendError } from '../Backend.js';
import { projectPackage } from '../native/projectPackage.js';
import { probeAdapter } from './probeAdapter.js';
import { startWebgpu } from './webgpu.js';

/** WebGPU in Node through Dawn, Chromium's implementation, from the package `webgpu`. */
export const startWebgpuInNode: BackendStarter = async ({ isExplicit }) => {
  const adapter = await probeAdapter();
  await provideNavigatorGpu();
  const running = await startWebgpu(adapter, isExplicit);
  return { ...running, versions: { ...running.versions, ...(await packageVersions()) } };
};

/** Puts WebGPU where browsers have it and TensorFlow.js looks for it: `navigator.gpu` and the global classes. */
async function provideNavigatorGpu(): Promise<void> {
  // Node has had a navigator since version 21.
  const holder = globalThis as { navigator?: { gpu?: GPU } };
  if (holder.navigator?.gpu) return;
  const { create, globals } = await import('webgpu').catch((cause: unknown) => {
    throw new UnavailableBackendError('webgpu', "the package 'webgpu' does not load.", { cause });
  });
  Object.assign(globalThis, globals);
  holder.navigator ??= {};
  holder.navigator.gpu = create([]);
}

/** Versions of the packages behind it, where their manifests can be read. */
async function packageVersions(): Promise<Record<string, string>> {
  const here = dirname(fileURLToPath(import.meta.url));
  const names = ['@tensorflow/tfjs-backend-webgpu', 'webgpu'];
  const found = await Promise.all(names.map(async (name) => [name, (await projectPackage(name, here))?.version]));
  return Object.fromEntries(found.filter(([, version]) => version !== undefined));
}
