import { createRequire, Module } from 'node:module';
import { resolve } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs';
import type { NativeCandidate } from './nativeCandidates.js';
import { supplyRemovedUtil } from './supplyRemovedUtil.js';

/** What a native package registers under the name `tensorflow`. */
export interface NativeBackend {
  binding: { TF_Version: string };
  isUsingGpuDevice: boolean;
  isGPUPackage: boolean;
}

/** The native backend of this process, if one is registered and starts. */
export function nativeBackend(): NativeBackend | undefined {
  return (tf.findBackend('tensorflow') as unknown as NativeBackend | null) ?? undefined;
}

/**
 * Requires a native package, which registers a backend in the TensorFlow.js that this program uses. The current backend
 * stays if there is one. Nothing is printed.
 *
 * @param environment variables that TensorFlow reads while it starts; afterwards they are as before
 * @throws whatever the package or the start of its backend throws; no backend is registered then
 */
export function requireNative(
  { from, packageName }: NativeCandidate,
  environment: Readonly<Record<string, string>>,
): NativeBackend {
  const require = createRequire(resolve(from, 'index.js'));
  const previous = tf.getBackend();
  // Messages of TensorFlow itself, unless they are asked for; its errors come as exceptions, too.
  const quiet = { TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '3' };
  try {
    return quietly(() => {
      shareTfjs(createRequire(require.resolve(packageName)));
      supplyRemovedUtil(util);
      return withEnvironment({ ...quiet, ...environment }, () => {
        require(packageName);
        return started();
      });
    });
  } catch (error) {
    if (tf.findBackendFactory('tensorflow')) tf.removeBackend('tensorflow');
    throw error;
  } finally {
    // At once, although it gives a promise: that backend has started before.
    if (previous) void tf.setBackend(previous);
  }
}

/** The backend that a package has registered. TensorFlow.js keeps to itself why one does not start. */
function started(): NativeBackend {
  const factory = tf.findBackendFactory('tensorflow');
  if (!factory) throw new Error('it registers no backend');
  const backend = nativeBackend();
  if (backend) return backend;
  factory();
  throw new Error('its backend does not start');
}

/**
 * Lets a package have the TensorFlow.js of this program, where it would get a copy of its own: a second one would
 * register every kernel and backend again, and know other classes.
 */
function shareTfjs(require: NodeJS.Require): void {
  const id = require.resolve('@tensorflow/tfjs');
  if (require.cache[id]) return;
  const shared = new Module(id);
  Object.assign(shared, { filename: id, loaded: true, exports: tf });
  require.cache[id] = shared;
}

/** Runs something with variables of the environment set. */
function withEnvironment<Result>(variables: Readonly<Record<string, string>>, run: () => Result): Result {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** Runs something without warnings: those of TensorFlow.js, which it leaves out in production, and Node's of old functions. */
function quietly<Result>(run: () => Result): Result {
  const isProduction = tf.env().getBool('PROD');
  const { emitWarning } = process;
  tf.env().set('PROD', true);
  process.emitWarning = () => {};
  try {
    return run();
  } finally {
    tf.env().set('PROD', isProduction);
    process.emitWarning = emitWarning;
  }
}
