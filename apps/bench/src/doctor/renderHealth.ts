import { BACKENDS } from '@gradis/backends';
import Table from 'cli-table3';
import pc from 'picocolors';
import type { BackendHealth, Health } from './Health.js';

/** Below this share of its time, another backend is said to be faster. */
const CLEARLY = 0.9;

/** A health report for people. */
export function renderHealth(health: Health): string {
  const { gradis, node, platform, cpu, gpus, nativeInstallations, backends, auto } = health;
  const table = new Table({
    head: ['backend', 'runs on', 'step, ms', ''],
    colAligns: ['left', 'left', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const backend of backends) table.push(row(backend, backend.backend === auto));
  const better = backends
    .slice(0, BACKENDS.indexOf(auto ?? 'cpu'))
    .filter(({ runs, isSoftware }) => !runs || isSoftware);
  const isThere = ([, version]: [string, string | null]) => version !== null;
  const packages = Object.entries(health.packages);
  // gradis installs native packages itself.
  const missing = packages.filter((own) => !isThere(own) && !own[0].includes('tfjs-node')).map(([name]) => name);
  return [
    `gradis ${gradis}, Node ${node}, ${platform}, ${cpu}`,
    `GPUs with an NVIDIA driver: ${gpus.join('; ') || 'none'}`,
    `Packages: ${packages
      .filter(isThere)
      .map((own) => own.join(' '))
      .join(', ')}`,
    ...(missing.length > 0 ? [`Not installed: ${missing.join(', ')}`] : []),
    `Native TensorFlow of gradis: ${nativeInstallations.join('; ') || 'none'}`,
    '',
    table.toString(),
    'A step: 784-256-256-10 on 64 samples with Adam, median: a small model.',
    '',
    auto
      ? `--backend auto takes ${pc.bold(auto)}, the first of the table that runs on a real device; that is the order for large models.`
      : 'No backend runs here.',
    ...fasterHere(health),
    ...(better.length > 0 ? ['', pc.bold('For more speed')] : []),
    ...better.map((health) => `  ${pc.cyan(health.backend.padEnd(10))} ${remedy(health)}`),
    '',
  ].join('\n');
}

/** That another backend has made the measured steps faster than the one that is taken. */
function fasterHere({ backends, auto }: Health): string[] {
  const taken = backends.find(({ backend }) => backend === auto)?.stepMilliseconds;
  const real = backends.filter(({ isSoftware }) => !isSoftware);
  const [fastest] = real.toSorted((a, b) => (a.stepMilliseconds ?? Infinity) - (b.stepMilliseconds ?? Infinity));
  if (taken === undefined || !fastest?.stepMilliseconds || fastest.stepMilliseconds > CLEARLY * taken) return [];
  const threads = auto === 'node' ? ', or --threads 1' : '';
  return [`A model as small as that trains faster on ${fastest.backend}: --backend ${fastest.backend}${threads}.`];
}

/** What a backend lacks. */
function remedy({ isSoftware, device, reason }: BackendHealth): string | undefined {
  return isSoftware ? `${device} is software that imitates a GPU; install the driver of a GPU.` : reason;
}

function row({ backend, runs, device, isSoftware, stepMilliseconds }: BackendHealth, isTaken: boolean): string[] {
  const note = isTaken ? '← auto' : isSoftware ? 'software: only if asked for' : '';
  return [backend, runs ? (device ?? '') : '–', stepMilliseconds?.toFixed(2) ?? '–', note];
}
