import { installWasmTraining } from '@gradis/wasm-training';
import * as tf from '@tensorflow/tfjs';
import { version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { type BackendStarter, UnavailableBackendError } from '../Backend.js';

/** The WebAssembly backend with training kernels, on one thread. */
export const startWasm: BackendStarter = async () => {
  const previous = tf.getBackend();
  const { variant } = await installWasmTraining().catch(async (cause: unknown) => {
    if (previous) await tf.setBackend(previous);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnavailableBackendError('wasm', `${why} Use a Node or browser with WebAssembly SIMD.`, { cause });
  });
  return {
    backend: 'wasm',
    device: `${variant === 'relaxed-simd' ? 'relaxed SIMD' : 'SIMD'}, 1 thread`,
    isSoftware: false,
    threads: 1,
    versions: { '@tensorflow/tfjs': tf.version.tfjs, '@tensorflow/tfjs-backend-wasm': version_wasm },
  };
};
