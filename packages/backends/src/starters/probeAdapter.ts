import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { UnavailableBackendError } from '../Backend.js';
import { lastLines, runTool, ToolError } from '../native/runTool.js';
import { type AdapterDescription, describeAdapter } from './webgpu.js';

/** Milliseconds after which a driver that does not answer is given up. */
const PATIENCE = 30_000;

/** Prints what the preferred adapter says of itself, or null. */
const SCRIPT = `
const { create, globals } = await import(process.argv[1]);
Object.assign(globalThis, globals);
const adapter = await create([]).requestAdapter({ powerPreference: 'high-performance' });
console.log(JSON.stringify(adapter && (${describeAdapter})(adapter)));
process.exit();
`;

/**
 * The adapter that WebGPU in Node would take. Asks in a process of its own: a driver may print warnings, crash or hang,
 * and a program that only wanted the fastest backend should see nothing of it.
 *
 * @throws UnavailableBackendError if the package, a library or a driver is missing, with the remedy
 */
export async function probeAdapter(): Promise<AdapterDescription> {
  const args = ['--input-type=module', '--eval', SCRIPT, urlOfWebgpu()];
  const { adapter, stderr } = await ask(args).catch((cause: unknown) => {
    throw new UnavailableBackendError('webgpu', `asking for an adapter failed: ${reasonOf(cause)}.`, { cause });
  });
  if (adapter) return adapter;
  const missing = /Couldn't load Vulkan: (\S+): cannot open/.exec(stderr)?.[1];
  const remedy = missing
    ? `${missing} is missing; install the Vulkan loader (libvulkan1 on Debian and Ubuntu) and the driver of the GPU.`
    : 'there is no adapter; install the driver of the GPU, with Vulkan on Linux.';
  throw new UnavailableBackendError('webgpu', remedy);
}

async function ask(args: string[]): Promise<{ adapter: AdapterDescription | null; stderr: string }> {
  const { stdout, stderr } = await runTool(process.execPath, args, { signal: AbortSignal.timeout(PATIENCE) });
  // What NODE_OPTIONS preloads may print before.
  const answer = lastLines(stdout, 1);
  try {
    return { adapter: JSON.parse(answer), stderr };
  } catch (cause) {
    throw new Error(`the answer is '${answer}'`, { cause });
  }
}

function urlOfWebgpu(): string {
  try {
    return pathToFileURL(createRequire(import.meta.url).resolve('webgpu')).href;
  } catch (cause) {
    const install = 'npm install webgpu @tensorflow/tfjs-backend-webgpu';
    throw new UnavailableBackendError('webgpu', `the package 'webgpu' is not installed: ${install}.`, { cause });
  }
}

/** What went wrong, as the end of a sentence. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === 'TimeoutError') return `no answer within ${PATIENCE / 1000} s`;
  if (!(cause instanceof ToolError)) return cause.message;
  if (typeof cause.code === 'string') return `the driver ended the process with ${cause.code}`;
  return (lastLines(cause.output.stderr, 1) || cause.message).replace(/\.$/, '');
}
