import { UnavailableBackendError, useBackend } from '@gradis/backends';
import * as tf from '@tensorflow/tfjs';
import { beforeEach, inject } from 'vitest';
import type { Leg } from './legs.js';

declare module 'vitest' {
  interface ProvidedContext {
    leg: Leg;
  }
}

// Before the file with the tests is loaded, so that what it makes on the way is on their backend already.
const { backend, missing, isRequired } = inject('leg');
const reason = missing ?? (await whyNotStarted());
if (reason !== undefined) {
  if (isRequired || (backend === 'node' && (await isNativeInstalled()))) throw new Error(reason);
  beforeEach(({ skip }) => skip(reason));
}

async function whyNotStarted(): Promise<string | undefined> {
  try {
    // One thread: more would only wait for each other over tensors as small as those of the tests.
    const { isSoftware } = await useBackend(backend, { threads: 1 });
    if (backend === 'webgpu') testEveryShader(isSoftware);
    return undefined;
  } catch (error) {
    if (error instanceof UnavailableBackendError) return error.message;
    throw error;
  }
}

/** Whether native TensorFlow is there, so that it is an error if it does not run. Only Node can ask this. */
async function isNativeInstalled(): Promise<boolean> {
  const { usableInstallations } = await import('../../packages/backends/src/native/NativeInstallation.js');
  return (await usableInstallations()).length > 0;
}

function testEveryShader(isSoftware: boolean): void {
  // TF.js computes small tensors on the CPU, and ours are small.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  // For small products it takes a shader with barriers, which costs SwiftShader 20 times as much as the one for large ones.
  if (isSoftware) tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', 3);
}
