import * as tf from '@tensorflow/tfjs';
import { productOf } from './productOf.mjs';

/**
 * Where the processor time of a step goes.
 *
 * @param {() => void} step
 * @param {number} milliseconds steps are made until so much of it is spent
 * @returns milliseconds of a step, and for each of its kernels, longest first: calls, milliseconds, floating-point operations,
 *   and the same of a product or convolution for each of its sizes
 */
export function profileSteps(step, milliseconds) {
  const kernels = new Map();
  const restore = wrapKernels((name, call, run) => {
    const start = processorMilliseconds();
    const result = run(call);
    const spent = processorMilliseconds() - start;
    const product = productOf(name, call, result);
    const kernel = add(kernels, name, spent, product?.operations);
    if (product) add(kernel.sizes, product.sizes, spent, product.operations);
    return result;
  });
  try {
    // The functions around the kernels have to be compiled, too, before they are counted.
    stepsIn(milliseconds / 2);
    kernels.clear();
    const start = processorMilliseconds();
    const steps = stepsIn(milliseconds);
    return { milliseconds: (processorMilliseconds() - start) / steps, kernels: rowsOf(kernels, steps) };
  } finally {
    restore();
  }

  function stepsIn(milliseconds) {
    const start = processorMilliseconds();
    let steps = 0;
    do {
      step();
      steps++;
    } while (processorMilliseconds() - start < milliseconds);
    return steps;
  }
}

/** In all threads of this process. */
function processorMilliseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function add(rows, name, milliseconds, operations = 0) {
  const row = rows.get(name) ?? { calls: 0, milliseconds: 0, operations: 0, sizes: new Map() };
  row.calls++;
  row.milliseconds += milliseconds;
  row.operations += operations;
  rows.set(name, row);
  return row;
}

function rowsOf(rows, steps) {
  const perStep = ([name, { calls, milliseconds, operations, sizes }]) => ({
    name,
    calls: calls / steps,
    milliseconds: milliseconds / steps,
    operations: operations / steps,
    ...(sizes.size > 0 && { sizes: rowsOf(sizes, steps) }),
  });
  return [...rows].map(perStep).sort((a, b) => b.milliseconds - a.milliseconds);
}

/** Puts a function around every kernel of the current backend, and gives one that takes it away. */
function wrapKernels(around) {
  const configs = tf.getKernelsForBackend(tf.getBackend());
  const replace = (config, kernelFunc) => {
    tf.unregisterKernel(config.kernelName, config.backendName);
    tf.registerKernel({ ...config, kernelFunc });
  };
  for (const config of configs) replace(config, (call) => around(config.kernelName, call, config.kernelFunc));
  return () => {
    for (const config of configs) replace(config, config.kernelFunc);
  };
}
