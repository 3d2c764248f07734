import { resolve } from 'node:path';
import { missingLibrary } from './missingLibrary.js';
import { lastLines, runTool, ToolError, type ToolOptions } from './runTool.js';
import { supplyRemovedUtil } from './supplyRemovedUtil.js';

/** What TensorFlow said of itself. */
export interface CheckedTensorflow {
  tensorflowVersion: string;
  isUsingGpu: boolean;
  /** What it wrote to the terminal while it started. */
  messages: string;
}

/** A = [[1, 2], [3, 4]]. Its square, and the gradient Aᵀ(2AW) of Σ(AW)² with respect to W at the unit matrix. */
const EXPECTED = { product: [7, 10, 15, 22], gradient: [20, 28, 28, 40] };

/** Loads the package as users do, and prints one line of JSON. */
const SCRIPT = `
(${supplyRemovedUtil})(require('node:util'));
const [, folder, packageName] = process.argv;
const tf = require('node:module').createRequire(folder + '/')(packageName);
const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
const loss = (w) => a.matMul(w).square().sum();
const backend = tf.backend();
console.log(JSON.stringify({
  tensorflowVersion: backend.binding.TF_Version,
  isUsingGpu: backend.isUsingGpuDevice,
  product: [...a.matMul(a).dataSync()],
  gradient: [...tf.grad(loss)(tf.eye(2)).dataSync()],
}));
`;

/** The command that checks a package which can be resolved from a folder. */
export function checkCommand(folder: string, packageName: string): string[] {
  return [process.execPath, '--input-type=commonjs', '--eval', SCRIPT, resolve(folder), packageName];
}

/**
 * Loads native TensorFlow in a process of its own, which a wrong library may crash, and lets it compute a product and a
 * gradient with known results.
 *
 * @throws Error with what went wrong and the end of what it said; or the signal's reason
 */
export async function checkInstallation(
  command: readonly string[],
  options: ToolOptions = {},
): Promise<CheckedTensorflow> {
  const [file, ...args] = command as [string, ...string[]];
  const { stdout, stderr } = await runTool(file, args, options).catch((cause: unknown) => {
    if (!(cause instanceof ToolError)) throw cause;
    throw new Error(`the addon was compiled, but ${reasonOf(cause)}`, { cause });
  });
  const { product, gradient, tensorflowVersion, isUsingGpu } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  const computed = { product, gradient };
  if (JSON.stringify(computed) !== JSON.stringify(EXPECTED)) {
    const values = `${JSON.stringify(computed)} in place of ${JSON.stringify(EXPECTED)}`;
    throw new Error(`TensorFlow ${tensorflowVersion} computes ${values} here; give another one with --tensorflow.`);
  }
  return { tensorflowVersion, isUsingGpu, messages: stderr };
}

function reasonOf({ code, output }: ToolError): string {
  const library = missingLibrary(output.stderr);
  if (library) {
    return `the library ${library} that it needs is missing; install it, or give another TensorFlow with --tensorflow.`;
  }
  const symbol = /undefined symbol: (\S+)/.exec(output.stderr)?.[1];
  if (symbol) return `this TensorFlow has no ${symbol}; give another one with --tensorflow.`;
  const remedy = code === 'SIGILL' ? ' (this processor lacks an instruction that TensorFlow was built for)' : '';
  const how = typeof code === 'string' ? `TensorFlow crashed with ${code}${remedy}` : 'TensorFlow does not start';
  return `${how}; give another one with --tensorflow. It said:\n${lastLines(output.stderr, 12)}`;
}
