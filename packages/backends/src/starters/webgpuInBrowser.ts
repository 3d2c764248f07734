import { type BackendStarter, UnavailableBackendError } from '../Backend.js';
import { describeAdapter, startWebgpu } from './webgpu.js';

/** WebGPU on the adapter of the browser. */
export const startWebgpuInBrowser: BackendStarter = async ({ isExplicit }) => {
  const { gpu } = (globalThis as { navigator?: { gpu?: GPU } }).navigator ?? {};
  if (!gpu) {
    throw new UnavailableBackendError(
      'webgpu',
      'this browser offers no WebGPU here; use a current one, on a page from https or localhost.',
    );
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new UnavailableBackendError('webgpu', 'the browser finds no adapter; update the graphics driver.');
  }
  return startWebgpu(describeAdapter(adapter), isExplicit);
};
