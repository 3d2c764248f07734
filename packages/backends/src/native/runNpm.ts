import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runTool, ToolError, type ToolOptions } from './runTool.js';

/** The start of a command line that runs npm. */
export function npmCommand(): string[] {
  const script = npmScript();
  return script ? [process.execPath, script] : ['npm'];
}

/**
 * Runs npm without a word on the terminal.
 *
 * @throws Error with npm's own reason, or saying that there is no npm; or the signal's reason
 */
export async function runNpm(command: readonly string[], options: ToolOptions): Promise<void> {
  const [file, ...args] = command as [string, ...string[]];
  try {
    await runTool(file, args, options);
  } catch (cause) {
    if (!(cause instanceof ToolError)) throw cause;
    throw new Error(reasonOf(cause), { cause });
  }
}

/** The npm that started this program, or the one that came with this Node: nothing stands between. */
function npmScript(): string | undefined {
  const beside = join('node_modules', 'npm', 'bin', 'npm-cli.js');
  const folder = dirname(process.execPath);
  const candidates = [process.env.npm_execpath, join(folder, beside), join(folder, '..', 'lib', beside)];
  return candidates.find((path) => path && basename(path) === 'npm-cli.js' && existsSync(path));
}

function reasonOf({ code, output, message }: ToolError): string {
  if (code === 'ENOENT') return 'npm was not found, which comes with Node; put its folder into PATH.';
  const lines = output.stderr.split('\n').map((line) => line.replace(/^npm (?:error|ERR!)\s*/, '').trim());
  const npmCode = lines.find((line) => line.startsWith('code '))?.slice('code '.length) ?? '';
  const summary = lines.find((line) => line && !/^(?:code|errno|syscall|network|path) /.test(line)) ?? message;
  if (npmCode === 'ENOSPC') return 'the disk is full; make room, or set the environment variable GRADIS_CACHE.';
  if (/^(?:ECONN|ENOTFOUND|EAI_|ETIMEDOUT|ERR_SOCKET|E[45]\d\d|ETARGET)/.test(npmCode)) {
    return `npm cannot fetch the package (${npmCode}: ${summary}); check the network, and npm's setting 'registry'.`;
  }
  return `npm failed (${[npmCode, summary].filter(Boolean).join(': ')}); run npm doctor.`;
}
