import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs';
import type { NativeCandidate } from './nativeCandidates.js';
import { supplyRemovedUtil } from './supplyRemovedUtil.js';

/**
 * Requires a native package, which registers the backend `tensorflow` in the TensorFlow.js that this program uses, and
 * makes it the current one. Nothing is printed.
 *
 * @param environment variables that TensorFlow reads while it starts; afterwards they are as before
 * @throws whatever the package throws
 */
export function requireNative({ from, packageName }: NativeCandidate, environment: NodeJS.ProcessEnv): void {
  const require = createRequire(join(from, 'index.js'));
  shareTfjs(createRequire(require.resolve(packageName)));
  // Messages of TensorFlow itself, unless they are asked for; its errors come as exceptions, too.
  const quiet = { TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '3' };
  quietly(() => {
    supplyRemovedUtil(util);
    withEnvironment({ ...quiet, ...environment }, () => require(packageName));
  });
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
function withEnvironment(variables: NodeJS.ProcessEnv, run: () => void): void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** Runs something without warnings: those of TensorFlow.js, which it leaves out in production, and Node's of old functions. */
function quietly(run: () => void): void {
  const isProduction = tf.env().getBool('PROD');
  const { emitWarning } = process;
  tf.env().set('PROD', true);
  process.emitWarning = () => {};
  try {
    run();
  } finally {
    tf.env().set('PROD', isProduction);
    process.emitWarning = emitWarning;
  }
}
