import { runTool } from './runTool.js';

/**
 * The C++ compiler to use, as the start of a command line: `CXX` if it is set, else the first of the usual ones.
 *
 * @throws Error if there is none, with the way to get one; or the signal's reason
 */
export async function findCompiler(env: NodeJS.ProcessEnv = process.env, signal?: AbortSignal): Promise<string[]> {
  const given = env.CXX?.trim();
  for (const candidate of given ? [given] : ['c++', 'g++', 'clang++']) {
    const [file, ...args] = candidate.split(/\s+/) as [string, ...string[]];
    try {
      await runTool(file, [...args, '--version'], { env, signal });
      return [file, ...args];
    } catch {
      signal?.throwIfAborted();
    }
  }
  if (given) throw new Error(`the compiler that CXX names, '${given}', does not run; name another one, or unset CXX.`);
  const install = process.platform === 'darwin' ? 'xcode-select --install' : 'apt install g++, or the like';
  throw new Error(`there is no C++ compiler, which the addon needs once; install one: ${install}.`);
}
