import { createInterface } from 'node:readline';
import type { BackendName } from '@gradis/backends';
import { describeEnvironment } from '../run/environment.js';
import { startBackend } from '../run/startBackend.js';
import type { StartedTrainer, TrainerAnswer, TrainerRequest } from './protocol.js';
import { Training } from './Training.js';

/** Trains on a backend of TensorFlow.js, and answers requests on standard input, a line of JSON each. */
let training: Training | undefined;

async function start(backend: BackendName, threads: number): Promise<StartedTrainer> {
  const choice = await startBackend({ backend, threads });
  const { device, isSoftware, threads: inForce } = choice;
  return { device, isSoftware, threads: inForce, environment: describeEnvironment(choice) };
}

function current(): Training {
  if (!training) throw new Error('there is no model yet; ask to create one first.');
  return training;
}

async function answer(request: TrainerRequest): Promise<unknown> {
  switch (request.kind) {
    case 'start':
      return start(request.backend as BackendName, request.threads);
    case 'create':
      training = new Training(request);
      return { parameters: training.parameters };
    case 'time':
      return current().time(request.method, request);
    case 'count':
      return current().count(request.method);
    case 'release':
      await current().dispose();
      training = undefined;
      return null;
  }
}

async function answerOrError(request: TrainerRequest): Promise<TrainerAnswer<unknown>> {
  try {
    return { value: await answer(request) };
  } catch (error) {
    return { error: (error as Error).message.split('\n')[0] };
  }
}

// Ctrl-C is for the program that started this one, which then ends it.
process.on('SIGINT', () => undefined);
// What libraries print is not an answer.
console.log = console.error;
for await (const line of createInterface(process.stdin)) {
  process.stdout.write(`${JSON.stringify(await answerOrError(JSON.parse(line)))}\n`);
}
process.exit();
