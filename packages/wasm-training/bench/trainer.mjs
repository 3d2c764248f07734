// Trains a model on the wasm backend, stock or with the kernels of this package, and answers requests on standard input, a
// line of JSON each. It needs the builds of @gradis/models and of this package.
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { createModel } from './createModel.mjs';
import { inspectStep } from './inspectStep.mjs';
import { profileSteps } from './profileSteps.mjs';

let step;

/** Starts the backend and makes the model. */
async function create({ model: name, contender, relaxedSimd }) {
  tf.enableProdMode();
  const { variant, optimizers } = contender === 'ours' ? await installOurs(relaxedSimd) : await startStock();
  const { model, optimizer, loss } = createModel(name);
  const training = optimizers[optimizer]();
  const variables = model.trainableWeights.map((weight) => weight.read());
  step = () => {
    const cost = training.minimize(loss, true, variables);
    cost.dataSync();
    cost.dispose();
  };
  const parameters = variables.reduce((sum, { size }) => sum + size, 0);
  return { parameters, runtime: `Node ${process.versions.node}, ${variant}` };
}

async function startStock() {
  if (!(await tf.setBackend('wasm'))) throw new Error('the wasm backend of TensorFlow.js did not start');
  const optimizers = { adam: () => tf.train.adam(1e-3), momentum: () => tf.train.momentum(0.01, 0.9) };
  return { variant: 'simd', optimizers };
}

async function installOurs(relaxedSimd) {
  const { fusedAdam, fusedMomentum, installWasmTraining } = await import('../dist/index.js');
  const { variant } = await installWasmTraining({ relaxedSimd });
  return { variant, optimizers: { adam: () => fusedAdam(1e-3), momentum: () => fusedMomentum(0.01, 0.9) } };
}

/** Times of steps, until there are so many or so much time has passed. */
function time({ steps, milliseconds }) {
  const times = [];
  const before = process.cpuUsage();
  const start = performance.now();
  let now = start;
  while (times.length < steps && (now - start < milliseconds || times.length === 0)) {
    step();
    const end = performance.now();
    times.push(end - now);
    now = end;
  }
  const { user, system } = process.cpuUsage(before);
  return { milliseconds: times, processorMilliseconds: (user + system) / 1000 / times.length };
}

const answers = {
  create,
  time,
  inspect: () => inspectStep(step),
  profile: ({ milliseconds }) => profileSteps(step, milliseconds),
};

// Ctrl-C is for the program that started this one, which then ends it.
process.on('SIGINT', () => undefined);
// What libraries print is not an answer.
console.log = console.error;
for await (const line of createInterface(process.stdin)) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = { value: await answers[request.kind](request) };
  } catch (error) {
    answer = { error: error.message.split('\n')[0] };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit();
