import * as tf from '@tensorflow/tfjs';
import { type BackendName, type BackendStarter, type RunningBackend, UnavailableBackendError } from '../Backend.js';
import { registerNativeKernels } from '../kernels/tensorflow/registerNativeKernels.js';
import { hasNvidiaDriver } from '../native/hasNvidiaDriver.js';
import { type LoadedNative, loadNative, type NativeLoadOptions } from '../native/loadNative.js';
import { setBackend } from '../setBackend.js';

/** Native TensorFlow on a GPU that it really sees. */
export const startNodeGpu: BackendStarter = async ({ threads }) => {
  const native = await load('node-gpu', { gpu: true, threads });
  if (!native.isUsingGpu) {
    const reason = `TensorFlow ${native.tensorflowVersion} sees no GPU; install the driver of an NVIDIA GPU.`;
    throw new UnavailableBackendError('node-gpu', reason);
  }
  return start('node-gpu', native, 'a GPU');
};

/** Native TensorFlow on the CPU. */
export const startNode: BackendStarter = async ({ threads }) => {
  const native = await load('node', { gpu: false, threads });
  const { threads: own } = native;
  const where = own ? `${own} ${own === 1 ? 'thread' : 'threads'}` : 'all cores';
  return { ...(await start('node', native, where)), threads: own };
};

function load(backend: BackendName, options: NativeLoadOptions): Promise<LoadedNative> {
  return loadNative(options).catch((cause: Error) => {
    // No use in fetching gigabytes for a GPU that is not there.
    const reason =
      options.gpu && !hasNvidiaDriver()
        ? 'no NVIDIA driver is installed; where there is one: npx gradis native install --gpu.'
        : cause.message;
    throw new UnavailableBackendError(backend, reason, { cause });
  });
}

async function start(backend: BackendName, native: LoadedNative, where: string): Promise<RunningBackend> {
  await setBackend(backend, 'tensorflow');
  registerNativeKernels();
  const { tensorflowVersion, packageName, packageVersion } = native;
  const ofPackage = packageVersion === undefined ? {} : { [packageName]: packageVersion };
  return {
    backend,
    device: `TensorFlow ${tensorflowVersion} on ${where}`,
    isSoftware: false,
    versions: { '@tensorflow/tfjs': tf.version.tfjs, ...ofPackage, tensorflow: tensorflowVersion },
  };
}
