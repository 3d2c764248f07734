import { lastLines, runTool, ToolError, type ToolOptions } from './runTool.js';

/**
 * Runs a `compileCommand`.
 *
 * @throws Error with what the compiler said first; or the signal's reason
 */
export async function compileAddon(command: readonly string[], options: ToolOptions): Promise<void> {
  const [file, ...args] = command as [string, ...string[]];
  try {
    await runTool(file, args, options);
  } catch (cause) {
    if (!(cause instanceof ToolError)) throw cause;
    const { stderr } = cause.output;
    const first = stderr.split('\n').find((line) => /\berror\b/i.test(line)) ?? lastLines(stderr, 1);
    throw new Error(
      `the addon does not compile with ${file}; it needs C++17 and TensorFlow's headers: name another compiler with CXX, or another TensorFlow with --tensorflow. It said: ${first.trim() || cause.message}`,
      { cause },
    );
  }
}
