import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelModule } from './kernels.generated.js';
import type { CompiledKernels, KernelModuleVariant, WasmMemory } from './loadKernelModule.js';

/** The parts of the wasm backend's Emscripten module that are used here. */
export interface EmscriptenModule {
  HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  asm?: { memory: WasmMemory };
  wasmMemory?: WasmMemory;
}

/** The memory that tensors of a wasm backend live in, and the compiled kernels that work on it. */
export class WasmHeap {
  private made: TensorInfo[] = [];
  private scratchAddress = 0;
  private scratchBytes = 0;

  constructor(
    readonly backend: BackendWasm,
    private compiled: CompiledKernels,
  ) {}

  get module(): KernelModule {
    return this.compiled.module;
  }

  get variant(): KernelModuleVariant {
    return this.compiled.variant;
  }

  /** Runs other compiled kernels from now on. */
  use(compiled: CompiledKernels): void {
    this.compiled = compiled;
  }

  /** All bytes of the heap. It is another view after the heap has grown, so never keep it over an allocation. */
  get bytes(): Uint8Array {
    return emscripten(this.backend).HEAPU8;
  }

  /** Address of a tensor's first element; data that live on another backend move here first. */
  address(tensor: TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** Runs a kernel. If it throws, such as for want of memory, what it has allocated is freed. */
  run<Result>(kernel: () => Result): Result {
    const outer = this.made;
    this.made = [];
    try {
      return kernel();
    } catch (error) {
      for (const { dataId } of this.made) if (this.backend.dataIdMap.has(dataId)) this.backend.disposeData(dataId);
      throw error;
    } finally {
      this.made = outer;
    }
  }

  /** The numbers of an int32 tensor where they lie, until the next allocation. Data of another backend move here first. */
  integers(tensor: TensorInfo): Int32Array {
    const address = this.address(tensor);
    return new Int32Array(this.bytes.buffer, address, util.sizeFromShape(tensor.shape));
  }

  /** The numbers of a float32 tensor, likewise. */
  floats(tensor: TensorInfo): Float32Array {
    const address = this.address(tensor);
    return new Float32Array(this.bytes.buffer, address, util.sizeFromShape(tensor.shape));
  }

  /** A new tensor whose elements are whatever the memory holds. */
  allocate(shape: number[], dtype: DataType = 'float32'): TensorInfo {
    const tensor = this.backend.makeOutput(shape, dtype);
    this.made.push(tensor);
    return tensor;
  }

  /** The same data as another tensor, without a copy. */
  share({ dataId, shape, dtype }: TensorInfo): TensorInfo {
    this.backend.incRef(dataId);
    return { dataId, shape, dtype };
  }

  /** Address of at least so many bytes of working memory, valid until the next call. */
  scratch(bytes: number): number {
    if (bytes > this.scratchBytes) {
      const wasm = emscripten(this.backend);
      wasm._free(this.scratchAddress);
      this.scratchAddress = 0;
      this.scratchBytes = 0;
      this.scratchAddress = wasm._malloc(bytes);
      this.scratchBytes = bytes;
    }
    return this.scratchAddress;
  }
}

/** The Emscripten module under a wasm backend, whose own type leaves out what it exports. */
export function emscripten(backend: BackendWasm): EmscriptenModule {
  return backend.wasm as unknown as EmscriptenModule;
}
