import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs';
import type { WebGPUBackend, webgpu_util } from '@tensorflow/tfjs-backend-webgpu';

/** The running backend and the helpers of its package. */
export interface Webgpu {
  backend: WebGPUBackend;
  util: typeof webgpu_util;
}

/** A kernel of the backend `webgpu`. */
export type WebgpuKernel = (
  webgpu: Webgpu,
  inputs: Record<string, TensorInfo>,
  attributes: NamedAttrMap,
) => TensorInfo | TensorInfo[];
