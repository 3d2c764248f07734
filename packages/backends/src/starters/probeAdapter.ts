import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { UnavailableBackendError } from '../Backend.js';
import type { AdapterDescription } from './webgpu.js';

/** Milliseconds after which a driver that does not answer is given up. */
const PATIENCE = 30_000;

/** Prints what the preferred adapter says of itself, or null. */
const SCRIPT = `
const { create, globals } = await import(process.argv[1]);
Object.assign(globalThis, globals);
const adapter = await create([]).requestAdapter({ powerPreference: 'high-performance' });
const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {};
console.log(JSON.stringify(adapter && { vendor, architecture, device, description, isFallbackAdapter }));
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
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: PATIENCE }).catch((cause) => {
    throw new UnavailableBackendError('webgpu', `asking for an adapter failed: ${lastLine(cause)}.`, { cause });
  });
  const adapter = JSON.parse(stdout) as AdapterDescription | null;
  if (adapter) return adapter;
  const missing = /Couldn't load Vulkan: (\S+): cannot open/.exec(stderr)?.[1];
  const remedy = missing
    ? `${missing} is missing; install the Vulkan loader (libvulkan1 on Debian and Ubuntu) and the driver of the GPU.`
    : 'there is no adapter; install the driver of the GPU, with Vulkan on Linux.';
  throw new UnavailableBackendError('webgpu', remedy);
}

function urlOfWebgpu(): string {
  try {
    return pathToFileURL(createRequire(import.meta.url).resolve('webgpu')).href;
  } catch (cause) {
    const install = 'npm install webgpu @tensorflow/tfjs-backend-webgpu';
    throw new UnavailableBackendError('webgpu', `the package 'webgpu' is not installed: ${install}.`, { cause });
  }
}

/** What a failed program said last, or how it ended. */
function lastLine({
  stderr,
  signal,
  killed,
  message,
}: {
  stderr?: string;
  signal?: string;
  killed?: boolean;
  message: string;
}) {
  if (killed) return `no answer within ${PATIENCE / 1000} s`;
  if (signal) return `the driver ended the process with ${signal}`;
  return stderr?.trim().split('\n').at(-1) ?? message;
}
