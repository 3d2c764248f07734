import {
  type InstallStep,
  installNative,
  nativeInstallations,
  planNativeInstall,
  removeNative,
} from '@gradis/backends';
import { INTERRUPTED, interruption } from './interruption.js';

/** Flags of `gradis native install`. */
export interface NativeFlags {
  gpu?: boolean;
  tensorflow?: string;
  python?: string;
  link?: boolean;
  force?: boolean;
  dryRun?: boolean;
  commands?: boolean;
}

/** Installs native TensorFlow, or says what that would do. Gives the exit code. */
export async function installNativeTensorflow({ dryRun, commands, ...options }: NativeFlags): Promise<number> {
  const { stderr, stdout } = process;
  const stop = interruption(() => stderr.write('Stopping and undoing; once more to stop at once.\n'));
  const onProgress = (message: string) => void stderr.write(`${message}\n`);
  try {
    if (dryRun) {
      const { steps, folder, existing, neededBytes } = await planNativeInstall({ ...options, signal: stop.signal });
      if (existing) stdout.write(`There is nothing to do: it is installed in ${folder}. --force makes it anew:\n`);
      const lines = Object.values(steps).map((step) => describeStep(step, commands));
      stdout.write(`${lines.join('\n')}\nIt takes about ${(neededBytes / 1e9).toFixed(1)} GB in ${folder}.\n`);
      return 0;
    }
    const { installation, isNew, linkedInto } = await installNative({ ...options, onProgress, signal: stop.signal });
    const { tensorflowVersion, packageName, packageVersion } = installation;
    const what = `${packageName} ${packageVersion} on TensorFlow ${tensorflowVersion}`;
    stdout.write(isNew ? `Installed: ${what}.\n` : `Nothing to do: ${what} is installed.\n`);
    if (linkedInto) stdout.write(`The package of this project has an addon now, too: ${linkedInto}\n`);
    stdout.write(`Train on it with --backend ${options.gpu ? 'node-gpu' : 'node'}; auto takes it where it is best.\n`);
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    stderr.write('Interrupted; everything is as it was.\n');
    return INTERRUPTED;
  } finally {
    stop.dispose();
  }
}

/** What is installed, a line each. */
export async function listNativeTensorflow(): Promise<string> {
  const found = await nativeInstallations();
  if (found.length === 0) return 'Nothing is installed: gradis native install.\n';
  const lines = found.map(({ folder, installation, problem }) => {
    if (problem || !installation) return `${folder}\n  broken: ${problem}`;
    const { packageName, packageVersion, tensorflowVersion, tensorflowFolder, installedAt } = installation;
    return `${folder}\n  ${packageName} ${packageVersion} on TensorFlow ${tensorflowVersion} in ${tensorflowFolder}, of ${new Date(installedAt).toLocaleString()}`;
  });
  return `${lines.join('\n')}\n`;
}

/** Removes what is installed, and says what that was. */
export async function removeNativeTensorflow(): Promise<string> {
  const removed = await removeNative();
  return removed.length === 0
    ? 'Nothing is installed.\n'
    : `Removed:\n${removed.map((path) => `  ${path}\n`).join('')}`;
}

function describeStep({ description, command }: InstallStep, withCommand = false): string {
  return withCommand ? `- ${description}\n    ${command.map(quoted).join(' ')}` : `- ${description}`;
}

/** As one would write it in a shell. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./^-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
