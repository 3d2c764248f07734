import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs';
import type { NativeBackend } from './NativeBackend.js';

/** A kernel of the backend `tensorflow`. It returns undefined, having done nothing, for what it leaves to tfjs-node's own. */
export type NativeKernel = (
  backend: NativeBackend,
  inputs: Record<string, TensorInfo>,
  attributes: NamedAttrMap,
) => TensorInfo | TensorInfo[] | undefined;
