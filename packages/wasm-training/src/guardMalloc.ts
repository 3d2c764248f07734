import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { emscripten } from './WasmHeap.js';

/** What 32-bit addresses can reach. */
const MAX_HEAP_BYTES = 2 ** 32;

/**
 * Makes the allocations of a wasm backend throw when the heap is full. Without it TensorFlow.js places such a tensor at
 * address 0, or in a block that is too small since sizes near and above 4 GB wrap around, and writing it destroys other
 * data.
 */
export function guardMalloc(backend: BackendWasm): void {
  const wasm = emscripten(backend);
  // At its first call Emscripten replaces its function by the compiled one, and would replace the guard.
  wasm._free(wasm._malloc(1));
  const malloc = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = malloc(bytes) >>> 0;
    const heapBytes = wasm.HEAPU8.byteLength;
    if (bytes > 0 && (address === 0 || address + bytes > heapBytes)) {
      wasm._free(address);
      throw new RangeError(
        `The wasm heap is full: ${megabytes(bytes)} asked for, ${megabytes(heapBytes)} in the heap, which can grow to ` +
          `${megabytes(MAX_HEAP_BYTES)}. Dispose of tensors that are no longer needed or use smaller batches.`,
      );
    }
    return address;
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
