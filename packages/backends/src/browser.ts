import { startCpu } from './starters/cpu.js';
import { notInBrowser } from './starters/notInBrowser.js';
import { startWasm } from './starters/wasm.js';
import { startWebgpuInBrowser } from './starters/webgpuInBrowser.js';
import { backendChooser, type UseBackend } from './useBackend.js';

export { fusedAdam, fusedMomentum, type RegularizationOptions } from '@gradis/wasm-training';
export {
  BACKENDS,
  type BackendName,
  type BackendOptions,
  type RunningBackend,
  UnavailableBackendError,
} from './Backend.js';
export type { BackendChoice, PassedOverBackend, UseBackend } from './useBackend.js';

/** Starts the best backend that this browser has, or the one asked for. */
export const useBackend: UseBackend = backendChooser({
  'node-gpu': notInBrowser('node-gpu'),
  webgpu: startWebgpuInBrowser,
  node: notInBrowser('node'),
  wasm: startWasm,
  cpu: startCpu,
});
