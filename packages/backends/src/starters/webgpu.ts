import * as tf from '@tensorflow/tfjs';
import { type RunningBackend, UnavailableBackendError } from '../Backend.js';
import { registerWebgpuKernels } from '../kernels/webgpu/registerWebgpuKernels.js';
import { setBackend } from '../setBackend.js';

/** What an adapter says of itself. */
export type AdapterDescription = Pick<
  GPUAdapterInfo,
  'vendor' | 'architecture' | 'device' | 'description' | 'isFallbackAdapter'
>;

/** An adapter as engines have had it: older ones give no info, and say themselves whether they are a fallback. */
type AnyAdapter = Partial<Pick<GPUAdapter, 'info'>> & { isFallbackAdapter?: boolean };

/** Programs that imitate a GPU on the CPU; not all of them call themselves a fallback. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

/**
 * Asks an adapter for what it says of itself, by name: its fields are getters, which no copy of it has.
 *
 * It must use nothing from outside its body: in Node, its text is sent to another process.
 */
export function describeAdapter({ info, isFallbackAdapter }: AnyAdapter): AdapterDescription {
  const { vendor = '', architecture = '', device = '', description = '' } = info ?? ({} as Partial<GPUAdapterInfo>);
  const isFallback = Boolean(info?.isFallbackAdapter || isFallbackAdapter);
  return { vendor, architecture, device, description, isFallbackAdapter: isFallback };
}

/** Whether an adapter is a program that imitates a GPU. */
export function isSoftware(adapter: AdapterDescription): boolean {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter;
  return isFallbackAdapter || SOFTWARE.test([vendor, architecture, device, description].join(' '));
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
    versions: { '@tensorflow/tfjs': tf.version.tfjs },
  };
}
