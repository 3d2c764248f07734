import { startCpu } from './starters/cpu.js';
import { startNode, startNodeGpu } from './starters/native.js';
import { startWasm } from './starters/wasm.js';
import { startWebgpuInNode } from './starters/webgpuInNode.js';
import { backendChooser, type UseBackend } from './useBackend.js';

export { fusedAdam, fusedMomentum, type RegularizationOptions } from '@gradis/wasm-training';
export {
  BACKENDS,
  type BackendName,
  type BackendOptions,
  type RunningBackend,
  UnavailableBackendError,
} from './Backend.js';
export { cacheFolder } from './native/cacheFolder.js';
export { installNative, type NativeInstallOptions, type NativeInstallResult } from './native/installNative.js';
export { type LoadedNative, loadNative, type NativeLoadOptions } from './native/loadNative.js';
export {
  type FoundInstallation,
  type NativeInstallation,
  nativeInstallations,
} from './native/NativeInstallation.js';
export type { NativePackage } from './native/nativePackage.js';
export {
  type InstallStep,
  type InstallSteps,
  type NativePlan,
  type NativePlanOptions,
  planNativeInstall,
} from './native/planNativeInstall.js';
export { removeNative } from './native/removeNative.js';
export type { BackendChoice, PassedOverBackend, UseBackend } from './useBackend.js';

/**
 * Starts the best backend of TensorFlow.js that this machine has, or the one asked for.
 *
 * In the order of `'auto'`: native TensorFlow that sees a GPU (`node-gpu`), WebGPU on a real adapter (`webgpu`), native
 * TensorFlow on the CPU (`node`), WebAssembly with training kernels (`wasm`), plain JavaScript (`cpu`). Each comes with
 * kernels that make a training step lean, which `fusedAdam` and `fusedMomentum` use. A software adapter is taken only if
 * `'webgpu'` is asked for by name.
 *
 * @param name `'auto'`, the default, or one of `BACKENDS`
 * @returns what runs now and, for each backend that would have been better, why it does not
 * @throws UnavailableBackendError if the backend asked for does not run here: one sentence with the remedy; RangeError on
 *   an unknown name or a number of threads that is none
 * @example
 * ```ts
 * import { useBackend } from '@gradis/backends';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const { backend, passedOver } = await useBackend('wasm');
 * console.log(backend, tf.getBackend(), passedOver); // → wasm wasm []
 * ```
 */
export const useBackend: UseBackend = backendChooser({
  'node-gpu': startNodeGpu,
  webgpu: startWebgpuInNode,
  node: startNode,
  wasm: startWasm,
  cpu: startCpu,
});
