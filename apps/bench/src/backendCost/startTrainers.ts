import { BACKENDS, type BackendName } from '@gradis/backends';
import { LineProcess } from '../processes/LineProcess.js';
import { Trainer, type TrainerKind } from './Trainer.js';
import { torchScript } from './torchScript.js';

/** Who is to take part. */
export interface TrainerChoice {
  /** Backends of TensorFlow.js. Default: all that run here and are not imitated by a program. */
  backends?: readonly BackendName[];
  threads: number;
  /** Python whose PyTorch takes part if it has it. */
  python: string;
  /** File that runs `backendWorker`. */
  worker: string;
}

/** Who takes part, and who does not, and why. */
export interface StartedTrainers {
  trainers: Trainer[];
  passedOver: { name: string; reason: string }[];
}

/** Backends whose rival is PyTorch on a GPU, where it has one. */
const GPU_BACKENDS: readonly string[] = ['node-gpu', 'webgpu'] satisfies BackendName[];

const PYTORCH = 'PyTorch';
const accelerated = (accelerator: string) => `${PYTORCH} ${accelerator}`;

/** Starts all that can take part, each in a process of its own. */
export async function startTrainers({ backends, threads, python, worker }: TrainerChoice): Promise<StartedTrainers> {
  const trainers: Trainer[] = [];
  const passedOver: StartedTrainers['passedOver'] = [];
  const start = async (kind: TrainerKind, remedy = ''): Promise<Trainer | undefined> => {
    try {
      return await Trainer.start(kind);
    } catch (error) {
      passedOver.push({ name: kind.name, reason: `${(error as Error).message}${remedy}` });
      return undefined;
    }
  };

  const spawnWorker = () => new LineProcess(process.execPath, [...process.execArgv, worker]);
  for (const backend of backends ?? BACKENDS) {
    const trainer = await start({ name: backend, backend, threads, hasMethods: true, spawn: spawnWorker });
    if (trainer && !backends && trainer.started.isSoftware) {
      passedOver.push({ name: backend, reason: `${trainer.started.device} is a program that imitates a GPU.` });
      trainer.kill();
    } else if (trainer) trainers.push(trainer);
  }
  const torch = { threads, hasMethods: false, spawn: () => new LineProcess(python, ['-c', torchScript]) };
  const remedy = '; give --python one that has PyTorch.';
  const onProcessor = await start({ name: PYTORCH, backend: 'cpu', ...torch }, remedy);
  const others = (onProcessor?.started.accelerators ?? []).map((accelerator) =>
    start({ name: accelerated(accelerator), backend: accelerator, ...torch }),
  );
  for (const trainer of [onProcessor, ...(await Promise.all(others))]) if (trainer) trainers.push(trainer);
  return { trainers, passedOver };
}

/** For each backend of TensorFlow.js, among the names of those that take part: PyTorch on the same kind of device. */
export function rivalAmong(names: readonly string[]): (name: string) => string | undefined {
  const rivals = names.filter((name) => name.startsWith(PYTORCH));
  const onGpu = rivals.find((rival) => rival !== PYTORCH);
  const onProcessor = rivals.find((rival) => rival === PYTORCH);
  return (name) => {
    if (rivals.includes(name)) return undefined;
    return GPU_BACKENDS.includes(name) ? (onGpu ?? onProcessor) : onProcessor;
  };
}
