import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs';
import type { WasmHeap } from './WasmHeap.js';

/** A kernel's tensors by name; an optional one may be absent. */
export type KernelInputs = Record<string, TensorInfo>;

/**
 * A kernel of the wasm backend. It returns undefined, having done nothing, for a case that it leaves to the stock kernel.
 */
export type Kernel = (
  heap: WasmHeap,
  inputs: KernelInputs,
  attributes: NamedAttrMap,
) => TensorInfo | TensorInfo[] | undefined;
