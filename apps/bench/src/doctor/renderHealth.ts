import { BACKENDS } from '@gradis/backends';
import Table from 'cli-table3';
import pc from 'picocolors';
import type { BackendHealth, Health } from './Health.js';

/** A health report for people. */
export function renderHealth(health: Health): string {
  const { gradis, node, platform, cpu, gpus, nativeInstallations, backends, auto } = health;
  const table = new Table({
    head: ['backend', 'runs on', 'step, ms', ''],
    colAligns: ['left', 'left', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const backend of backends) table.push(row(backend, backend.backend === auto));
  const better = backends.slice(0, BACKENDS.indexOf(auto ?? 'cpu')).filter(({ runs }) => !runs);
  return [
    `gradis ${gradis}, Node ${node}, ${platform}, ${cpu}`,
    `GPUs with an NVIDIA driver: ${gpus.join('; ') || 'none'}`,
    `Packages: ${Object.entries(versionsOf(backends))
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
    `Native TensorFlow of gradis: ${nativeInstallations.join('; ') || 'none'}`,
    '',
    table.toString(),
    'A step: 784-256-256-10 on 64 samples with Adam, median.',
    '',
    auto ? `--backend auto takes ${pc.bold(auto)}.` : 'No backend runs here.',
    ...(better.length > 0 ? ['', pc.bold('For more speed')] : []),
    ...better.map((health) => `  ${pc.cyan(health.backend.padEnd(10))} ${remedy(health, gpus)}`),
    '',
  ].join('\n');
}

/** What a backend lacks; there is no use in installing gigabytes for a GPU that is not there. */
function remedy({ backend, reason }: BackendHealth, gpus: readonly string[]): string | undefined {
  if (backend !== 'node-gpu' || gpus.length > 0) return reason;
  return 'no NVIDIA driver is installed; where there is one: npx gradis native install --gpu.';
}

function versionsOf(backends: readonly BackendHealth[]): Record<string, string> {
  return Object.assign({}, ...backends.map(({ versions }) => versions));
}

function row({ backend, runs, device, isSoftware, stepMilliseconds }: BackendHealth, isTaken: boolean): string[] {
  const note = isTaken ? '← auto' : isSoftware ? 'software: only if asked for' : '';
  return [backend, runs ? (device ?? '') : '–', stepMilliseconds?.toFixed(2) ?? '–', note];
}
