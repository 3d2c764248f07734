import * as tf from '@tensorflow/tfjs';
import { type RunningBackend, UnavailableBackendError } from '../Backend.js';
import { registerWebgpuKernels } from '../kernels/webgpu/registerWebgpuKernels.js';
import { setBackend } from '../setBackend.js';

/** What an adapter says of itself. */
export type AdapterDescription = Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'> & {
  isFallbackAdapter?: boolean;
};

/** Programs that imitate a GPU on the CPU; not all of them call themselves a fallback. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

/** Whether an adapter is a program that imitates a GPU. */
export function isSoftware(adapter: AdapterDescription): boolean {
  return adapter.isFallbackAdapter === true || SOFTWARE.test(Object.values(adapter).join(' '));
}

/** An adapter by the names it gives, such as `SwiftShader driver 5.0.0` or `nvidia hopper`. */
export function nameOf({ vendor, architecture, device, description }: AdapterDescription): string {
  return description || [vendor, architecture, device].filter(Boolean).join(' ') || 'unnamed adapter';
}

/**
 * Makes WebGPU the current backend on the adapter that `navigator.gpu` prefers.
 *
 * @param adapter what is known of the adapter, which has to exist: TensorFlow.js takes it for granted
 * @param isExplicit whether a software adapter will do
 */
export async function startWebgpu(adapter: AdapterDescription, isExplicit: boolean): Promise<RunningBackend> {
  const name = nameOf(adapter);
  if (isSoftware(adapter) && !isExplicit) {
    throw new UnavailableBackendError(
      'webgpu',
      `the only adapter, ${name}, is software and slower than wasm; install the driver of a GPU, or ask for 'webgpu' by name.`,
    );
  }
  const { webgpu_util } = await import('@tensorflow/tfjs-backend-webgpu').catch((cause: unknown) => {
    const install = 'npm install @tensorflow/tfjs-backend-webgpu';
    throw new UnavailableBackendError('webgpu', `its package is not installed: ${install}.`, { cause });
  });
  await setBackend('webgpu', 'webgpu');
  registerWebgpuKernels(webgpu_util);
  return {
    backend: 'webgpu',
    device: name,
    isSoftware: isSoftware(adapter),
    versions: { '@tensorflow/tfjs': tf.version.tfjs, '@tensorflow/tfjs-backend-webgpu': tf.version.tfjs },
  };
}
