import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { fuseGradients } from './fuseGradients.js';
import type { KernelInputs } from './Kernel.js';
import { type KernelName, kernelNames, kernels } from './kernelTable.js';
import type { KernelModuleVariant } from './loadKernelModule.js';
import { heapOf, openHeap } from './openHeap.js';

/** Options of `installWasmTraining`. */
export interface InstallOptions {
  /** Make wasm the current backend; else the current one stays. Default true. */
  setBackend?: boolean;
  /** Kernels to leave as they are, such as `{ Slice: false }`. Default `{}`: none. */
  kernels?: Partial<Record<KernelName, boolean>>;
  /** Use relaxed SIMD where the engine has it: faster, but its rounding depends on the processor. Default true. */
  relaxedSimd?: boolean;
}

/** What `installWasmTraining` has done. */
export interface InstallReport {
  /** The compiled module that runs: plain or relaxed SIMD. */
  variant: KernelModuleVariant;
  /** Kernels that the wasm backend had and that run differently now. */
  replaced: KernelName[];
  /** Kernels that the wasm backend did not have. */
  added: KernelName[];
  /** Kernels that the options leave as they are. */
  skipped: KernelName[];
}

/** The backend's own kernels, as they were before the first call. */
const stockKernels = new Map<KernelName, tf.KernelConfig | undefined>();

/**
 * Makes the wasm backend of TensorFlow.js fast enough to train, by replacing and adding kernels of that backend.
 *
 * Starts the wasm backend if it is not running. Other backends stay as they are. A further call is harmless and decides
 * anew which kernels are replaced. From the first call on, a full wasm heap is an error and no longer silent damage.
 *
 * @returns which kernels were replaced or added, and which compiled module runs
 * @throws Error if the wasm backend does not start, is the threaded one, or the engine has no SIMD; or if `kernels` names
 * one that is not in `kernelTable`
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { installWasmTraining } from '@gradis/wasm-training';
 *
 * const { replaced } = await installWasmTraining({ kernels: { Slice: false } });
 * console.log(tf.getBackend(), replaced.includes('BatchMatMul'), replaced.includes('Slice')); // → wasm true false
 * ```
 */
export async function installWasmTraining(options: InstallOptions = {}): Promise<InstallReport> {
  const { setBackend = true, kernels: chosen = {}, relaxedSimd = true } = options;
  for (const name of Object.keys(chosen)) {
    if (!Object.hasOwn(kernels, name)) {
      throw new Error(`kernels names '${name}'; the kernels are ${kernelNames.join(', ')}.`);
    }
  }
  const { variant } = await openHeap(await startBackend(setBackend), relaxedSimd);
  fuseGradients();
  const report: InstallReport = { variant, replaced: [], added: [], skipped: [] };
  for (const name of kernelNames) {
    if (!stockKernels.has(name)) stockKernels.set(name, tf.getKernel(name, 'wasm'));
    const stock = stockKernels.get(name);
    const isOurs = chosen[name] ?? true;
    setKernel(name, isOurs ? ours(name, stock) : stock);
    report[isOurs ? (stock ? 'replaced' : 'added') : 'skipped'].push(name);
  }
  return report;
}

/** The running wasm backend. */
async function startBackend(stays: boolean): Promise<BackendWasm> {
  if (!stays) await tf.ready();
  const previous = tf.getBackend();
  if (!(await tf.setBackend('wasm'))) throw new Error('The wasm backend of TensorFlow.js did not start.');
  const backend = tf.backend() as BackendWasm;
  if (!stays) await tf.setBackend(previous);
  return backend;
}

/** The configuration that runs our kernel, and the stock one for what ours leaves to it. */
function ours(name: KernelName, stock: tf.KernelConfig | undefined): tf.KernelConfig {
  const { run } = kernels[name];
  return {
    ...stock,
    kernelName: name,
    backendName: 'wasm',
    kernelFunc: (call) => {
      const result = run(heapOf(call.backend as object), call.inputs as KernelInputs, call.attrs ?? {});
      return result ?? stock!.kernelFunc(call);
    },
  };
}

function setKernel(name: KernelName, config: tf.KernelConfig | undefined): void {
  if (tf.getKernel(name, 'wasm')) tf.unregisterKernel(name, 'wasm');
  if (config) tf.registerKernel(config);
}
