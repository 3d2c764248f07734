import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { guardMalloc } from './guardMalloc.js';
import { loadKernelModule } from './loadKernelModule.js';
import { emscripten, WasmHeap } from './WasmHeap.js';

const heaps = new WeakMap<object, WasmHeap>();

/**
 * The heap of a wasm backend, with kernels loaded and guarded against running out of memory.
 * @throws Error if the backend is of a kind that the kernels cannot work with.
 */
export async function openHeap(backend: BackendWasm, allowRelaxed: boolean): Promise<WasmHeap> {
  const wasm = emscripten(backend);
  const memory = wasm.asm?.memory ?? wasm.wasmMemory;
  if (!memory) {
    throw new Error('This wasm backend does not show its memory; installWasmTraining works with TensorFlow.js 4.22.');
  }
  if (!(memory.buffer instanceof ArrayBuffer)) {
    throw new Error(
      'installWasmTraining does not work with the threaded wasm backend. Before that backend starts, call ' +
        "tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false).",
    );
  }
  const compiled = await loadKernelModule(memory, allowRelaxed);
  const open = heaps.get(backend);
  if (open) {
    open.use(compiled);
    return open;
  }
  guardMalloc(backend);
  const heap = new WasmHeap(backend, compiled);
  heaps.set(backend, heap);
  return heap;
}

/**
 * The heap that `openHeap` opened for this backend.
 * @throws Error if the backend was started anew since then.
 */
export function heapOf(backend: object): WasmHeap {
  const heap = heaps.get(backend);
  if (!heap) throw new Error('The wasm backend was started again: call installWasmTraining() again.');
  return heap;
}
