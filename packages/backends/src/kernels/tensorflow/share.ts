import type { TensorInfo } from '@tensorflow/tfjs';
import type { NativeBackend } from './NativeBackend.js';

/** The same tensor once more, by reference count: nothing is copied and TensorFlow is not called. */
export function share(backend: NativeBackend, { dataId, shape, dtype }: TensorInfo): TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}
