import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs a program in the root folder and resolves to its exit code (128 + n after signal n, as shells have it).
 * Ctrl-C is left to the program: this process waits until it is done.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { onMessage?: (message: unknown) => void, onOutput?: (chunk: Buffer) => void }} options
 * @returns {Promise<number>}
 */
export function execute(command, args, { onMessage, onOutput, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    const forward = (signal) => {
      // A terminal sends Ctrl-C to the whole group of processes; twice would mean "stop at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM'];
    for (const signal of signals) process.on(signal, forward);
    if (onMessage) child.on('message', onMessage);
    if (onOutput) for (const stream of [child.stdout, child.stderr]) stream?.on('data', onOutput);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** The same for npx and pnpm, which are scripts on Windows, so that only a shell can start them. */
export function executeScript(name, args, options) {
  if (process.platform !== 'win32') return execute(name, args, options);
  return execute([name, ...args.map((argument) => `"${argument}"`)].join(' '), [], { shell: true, ...options });
}
