import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** NVIDIA GPUs with memory and driver, such as `NVIDIA L4, 23034 MiB, driver 550.54`; none where there is no driver. */
export async function nvidiaGpus(): Promise<string[]> {
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader'];
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: 10_000 });
    return stdout
      .trim()
      .split('\n')
      .map((line) => line.replace(/, (?=[^,]*$)/, ', driver '));
  } catch {
    return [];
  }
}
