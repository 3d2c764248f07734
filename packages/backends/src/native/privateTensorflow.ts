import { join } from 'node:path';
import type { Python } from './findPython.js';
import { lastLines, runTool, ToolError, type ToolOptions } from './runTool.js';

/** Version of TensorFlow that is fetched where there is none: the newest that all of this was run with. */
export const PRIVATE_TENSORFLOW = '2.21.0';

/** The Pythons that it is published for, in words. */
const PYTHONS = '3.10 to 3.13';

/** A TensorFlow to be fetched into a virtual environment of its own. */
export interface PrivateTensorflow {
  /** What pip is asked for. */
  requirement: string;
  /** What is downloaded, in words. */
  size: string;
  /** What that takes on the disk, and while it is unpacked, about. */
  bytes: number;
  /** Its folder, relative to the installation. */
  folder: string;
  /** Makes the environment. */
  createCommand: string[];
  /** Fetches TensorFlow into it. */
  installCommand: string[];
}

/**
 * How to fetch a TensorFlow for an installation.
 *
 * Only what is linked with is fetched for CPUs: TensorFlow's own package without the others that Python would need to
 * import it. For a GPU the CUDA libraries belong to it, and pip can only be asked for all.
 *
 * @param staging folder of the installation while it is made
 * @throws Error if none is published for this machine, or this Python cannot make an environment
 */
export function privateTensorflow(
  python: Python,
  gpu: boolean,
  staging: string,
  { platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'> = process,
): PrivateTensorflow {
  const machine = `${platform} ${arch}`;
  if (gpu && machine !== 'linux x64') {
    const others = platform === 'darwin' ? ", use the backend 'webgpu'" : '';
    throw new Error(
      `TensorFlow publishes no build with CUDA for ${machine}; leave out --gpu${others}, or give your own build with --tensorflow.`,
    );
  }
  if (!['linux x64', 'linux arm64', 'darwin arm64'].includes(machine)) {
    throw new Error(
      `TensorFlow ${PRIVATE_TENSORFLOW} is not published for ${machine}; give your own with --tensorflow.`,
    );
  }
  if (!python.hasVenv) {
    throw new Error(
      `${python.executable} cannot make virtual environments; install its venv module (apt install python3-venv), or give the folder of a TensorFlow with --tensorflow.`,
    );
  }
  const name = gpu ? 'tensorflow[and-cuda]' : machine === 'linux x64' ? 'tensorflow-cpu' : 'tensorflow';
  const requirement = `${name}==${PRIVATE_TENSORFLOW}`;
  const environment = join(staging, 'python');
  const pip = [join(environment, 'bin', 'python'), '-m', 'pip', '--no-input', '--disable-pip-version-check'];
  return {
    requirement,
    size: gpu ? 'about 3.5 GB' : 'about 250 MB',
    bytes: gpu ? 8e9 : 1.5e9,
    folder: join('python', 'lib', `python${python.version}`, 'site-packages', 'tensorflow'),
    createCommand: [python.executable, '-m', 'venv', environment],
    installCommand: [...pip, 'install', '--quiet', '--only-binary=:all:', ...(gpu ? [] : ['--no-deps']), requirement],
  };
}

/**
 * Runs venv or pip without a word on the terminal.
 *
 * @throws Error with the reason and the remedy; or the signal's reason
 */
export async function runPython(command: readonly string[], options: ToolOptions): Promise<void> {
  const [file, ...args] = command as [string, ...string[]];
  try {
    await runTool(file, args, options);
  } catch (cause) {
    if (!(cause instanceof ToolError)) throw cause;
    const { stdout, stderr } = cause.output;
    throw new Error(reasonOf(`${stdout}\n${stderr}`, args.at(-1) ?? ''), { cause });
  }
}

function reasonOf(text: string, target: string): string {
  if (/No space left on device/i.test(text)) {
    return 'the disk is full; make room, or choose another folder with the environment variable GRADIS_CACHE.';
  }
  if (
    /NewConnectionError|ConnectTimeout|NameResolution|Max retries|ProxyError|SSLError|Connection (?:broken|refused)/.test(
      text,
    )
  ) {
    return "pip cannot reach Python's package index; check the network and pip's settings, or give the folder of a TensorFlow with --tensorflow.";
  }
  if (/No matching distribution/.test(text)) {
    return `pip finds no ${target} for this Python; give a Python ${PYTHONS} with --python, or the folder of a TensorFlow with --tensorflow.`;
  }
  return `Python's ${target.includes('==') ? 'pip' : 'venv'} failed; give the folder of a TensorFlow with --tensorflow. It said:\n${lastLines(text, 12)}`;
}
