import { type BackendStarter, UnavailableBackendError } from '../Backend.js';
import { probeAdapter } from './probeAdapter.js';
import { startWebgpu } from './webgpu.js';

/** WebGPU in Node through Dawn, Chromium's implementation, from the package `webgpu`. */
export const startWebgpuInNode: BackendStarter = async ({ isExplicit }) => {
  const adapter = await probeAdapter();
  await provideNavigatorGpu();
  return startWebgpu(adapter, isExplicit);
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
