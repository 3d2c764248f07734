import * as tf from '@tensorflow/tfjs';

/** What a step of training asks of the backend. */
export interface StepCounts {
  /** Kernels that were run. */
  kernelCalls: number;
  /** Tensors that were read from the backend into JavaScript, by the program or by a kernel. */
  readBacks: number;
  /** Most tensors and bytes at the end of a kernel, with the model, the optimiser and the samples. */
  peakTensors: number;
  peakBytes: number;
}

type Method = (...args: never[]) => unknown;

/**
 * Runs a function and counts.
 *
 * `tf.profile` would read every output on backends without a timer, which WebGPU refuses in Node.
 */
export async function countStep(run: () => Promise<void>): Promise<StepCounts> {
  const counts: StepCounts = { kernelCalls: 0, readBacks: 0, peakTensors: 0, peakBytes: 0 };
  const afterKernel = () => {
    const { numTensors, numBytes } = tf.memory();
    counts.kernelCalls++;
    counts.peakTensors = Math.max(counts.peakTensors, numTensors);
    counts.peakBytes = Math.max(counts.peakBytes, numBytes);
  };
  // A backend may implement one way of reading by the other.
  let isReading = false;
  const aroundRead = (read: Method) =>
    function (this: unknown, ...args: never[]): unknown {
      if (isReading) return read.apply(this, args);
      isReading = true;
      counts.readBacks++;
      try {
        return read.apply(this, args);
      } finally {
        isReading = false;
      }
    };
  const backend = tf.backend();
  const restore = [
    wrap(tf.engine(), 'runKernel', (runKernel) => {
      return function (this: unknown, ...args: never[]): unknown {
        const result = runKernel.apply(this, args);
        afterKernel();
        return result;
      };
    }),
    wrap(backend, 'read', aroundRead),
    wrap(backend, 'readSync', aroundRead),
  ];
  try {
    await run();
  } finally {
    for (const undo of restore) undo();
  }
  return counts;
}

/** Puts another method before that of the class, and gives a function that takes it away. */
function wrap(owner: object, name: string, around: (method: Method) => Method): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  const method = (owner as Record<string, Method>)[name];
  Object.defineProperty(owner, name, { configurable: true, writable: true, value: around(method) });
  return () => {
    delete (owner as Record<string, unknown>)[name];
    if (own) Object.defineProperty(owner, name, own);
  };
}
