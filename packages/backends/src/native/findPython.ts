import { runTool, ToolError } from './runTool.js';

/** A Python that runs. */
export interface Python {
  /** The interpreter itself, not a name or a wrapper. */
  executable: string;
  /** Such as `3.12`. */
  version: string;
  /** Whether it can make virtual environments with pip: Debian and Ubuntu ship that apart. */
  hasVenv: boolean;
  /** Folder of its package `tensorflow`, if it has one. */
  tensorflow?: string;
}

/** Looks without importing TensorFlow, which takes seconds. */
const SCRIPT = `
import importlib.util, json, sys
found = importlib.util.find_spec('tensorflow')
print(json.dumps({
    'executable': sys.executable,
    'version': '%d.%d' % sys.version_info[:2],
    'hasVenv': all(importlib.util.find_spec(name) for name in ('venv', 'ensurepip')),
    'tensorflow': found and list(found.submodule_search_locations)[0],
}))
`;

/**
 * The Python that was given, or else the one that the shell would run. Undefined if there is none.
 *
 * @throws Error if the given one does not run; or the signal's reason
 */
export async function findPython(given?: string, signal?: AbortSignal): Promise<Python | undefined> {
  for (const name of given === undefined ? ['python3', 'python'] : [given]) {
    try {
      const { stdout } = await runTool(name, ['-c', SCRIPT], { signal });
      const { tensorflow, ...python } = JSON.parse(stdout) as Python & { tensorflow: string | null };
      return tensorflow ? { ...python, tensorflow } : python;
    } catch (cause) {
      signal?.throwIfAborted();
      if (given === undefined) continue;
      const isMissing = cause instanceof ToolError && cause.code === 'ENOENT';
      const why = isMissing ? 'there is no such program' : 'it does not answer as a Python 3 does';
      throw new Error(
        `the Python '${given}' does not run (${why}); give the path of a Python 3, such as /usr/bin/python3.`,
        {
          cause,
        },
      );
    }
  }
  return undefined;
}
