import * as tf from '@tensorflow/tfjs';

/**
 * Makes a step and counts.
 *
 * @param {() => void} step
 * @returns kernels that were run, most bytes in tensors at the end of any of them, and bytes of the wasm heap, which only grows
 */
export function inspectStep(step) {
  const counts = { kernelCalls: 0, peakBytes: 0 };
  const engine = tf.engine();
  engine.runKernel = function (...args) {
    const result = Object.getPrototypeOf(engine).runKernel.apply(this, args);
    counts.kernelCalls++;
    counts.peakBytes = Math.max(counts.peakBytes, tf.memory().numBytes);
    return result;
  };
  try {
    step();
  } finally {
    delete engine.runKernel;
  }
  return { ...counts, heapBytes: tf.backend().wasm.HEAPU8.byteLength };
}
