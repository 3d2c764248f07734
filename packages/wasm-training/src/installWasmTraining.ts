import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { fuseGradients } from './fuseGradients.js';
import type { KernelInputs } from './Kernel.js';
import { type KernelName, kernelNames, kernels } from './kernelTable.js';
import type { KernelModuleVariant } from './loadKernelModule.js';
import { heapOf, openHeap } from './openHeap.js';
import { ownGradients } from './ownGradients.js';

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

const OPTIONS = ['setBackend', 'kernels', 'relaxedSimd'];

/** The backend's own kernels, as they were before the first call. */
const stockKernels = new Map<KernelName, tf.KernelConfig | undefined>();

/**
 * Makes the wasm backend of TensorFlow.js fast enough to train, by replacing and adding kernels of that backend.
 *
 * Starts the wasm backend if it is not running. The kernels of other backends stay as they are; gradients that TensorFlow.js has
 * not or has wrong are added for all. A further call is harmless and decides
 * anew which kernels are replaced. From the first call on, a full wasm heap is an error and no longer silent damage.
 *
 * @returns which kernels were replaced or added, and which compiled module runs
 * @throws Error if the wasm backend does not start, is the threaded one, or the engine has no SIMD; or if there is no option or
 * no kernel of a name that is given
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
  checkNames('options', options, OPTIONS);
  const { setBackend = true, kernels: chosen = {}, relaxedSimd = true } = options;
  checkNames('kernels', chosen, kernelNames);
  const { variant } = await openHeap(await startBackend(setBackend), relaxedSimd);
  fuseGradients();
  const report: InstallReport = { variant, replaced: [], added: [], skipped: [] };
  for (const name of kernelNames) {
    if (!stockKernels.has(name)) stockKernels.set(name, tf.getKernel(name, 'wasm'));
    const stock = stockKernels.get(name);
    const isOurs = isChosen(chosen, name);
    setKernel(name, isOurs ? ours(name, stock) : stock);
    report[isOurs ? (stock ? 'replaced' : 'added') : 'skipped'].push(name);
  }
  return report;
}

/** Whether a kernel is to run: not if its gradient is not to, without which it could not be trained. */
function isChosen(chosen: Partial<Record<string, boolean>>, name: string): boolean {
  const gradient = ownGradients[name]?.kernel;
  return (chosen[name] ?? true) && (gradient === undefined || (chosen[gradient] ?? true));
}

/** @throws Error if an object has a name that is not one of those known */
function checkNames(what: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given ?? {}).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`${what} names '${unknown}'; the ${what} are ${known.join(', ')}.`);
}

/** The running wasm backend. */
async function startBackend(stays: boolean): Promise<BackendWasm> {
  if (!stays) await tf.ready();
  const previous = tf.getBackend();
  const isStarted = await tf.setBackend('wasm');
  const backend = isStarted && (tf.backend() as BackendWasm);
  if (previous && !(isStarted && stays)) await tf.setBackend(previous);
  if (!backend) throw new Error('The wasm backend of TensorFlow.js did not start; the reason is on the console.');
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
      const heap = heapOf(call.backend as object);
      const result = heap.run(() => run(heap, call.inputs as KernelInputs, call.attrs ?? {}));
      return result ?? stock!.kernelFunc(call);
    },
  };
}

function setKernel(name: KernelName, config: tf.KernelConfig | undefined): void {
  if (tf.getKernel(name, 'wasm')) tf.unregisterKernel(name, 'wasm');
  if (config) tf.registerKernel(config);
}
