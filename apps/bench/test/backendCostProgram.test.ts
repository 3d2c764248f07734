import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { bundlePrograms } from './bundlePrograms.js';

// Starting backends takes long where much else runs.
vi.setConfig({ testTimeout: 300_000 });

let programs: Awaited<ReturnType<typeof bundlePrograms>>;
beforeAll(async () => {
  programs = await bundlePrograms(['benchBackends.ts', 'backendCost/backendWorker.ts']);
});
afterAll(() => programs.remove());

/** Runs bench:backends without a Python, and interrupts it once it has said `last` on standard error. */
async function run(args: readonly string[], last?: string) {
  const command = [join(programs.folder, 'benchBackends.js'), '--python', 'no-such-python', ...args];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  let isInterrupted = false;
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
      // A second signal would end it at once.
      if (last !== undefined && !isInterrupted && written.stderr.includes(last)) isInterrupted = child.kill('SIGINT');
    });
  }
  const [code] = await once(child, 'close');
  return { ...written, code };
}

it('measures two backends with two methods, and writes a table and the figures, with the threads that were in force', async () => {
  const json = join(programs.folder, 'figures.json');
  const effort = [
    '--threads',
    '2',
    '--rounds',
    '1',
    '--steps',
    '2',
    '--methods',
    'uniform,low',
    '--batch-sizes',
    '32,16',
  ];
  const what = ['--models', 'mlp', '--backends', 'cpu,wasm', '--time-limit', '1000', '--json', json];
  const { stdout, stderr, code } = await run([...effort, ...what]);
  expect(stderr).toContain('PyTorch does not take part: the process could not be started: spawn no-such-python ENOENT');
  expect(code).toBe(0);
  expect(stdout).toMatch(/│ mlp +│ 16 +│ cpu +│ +[\d,.]+ │ +[\d,.]+ │ +│ +[\d,.]+ │ +│/);

  expect(stdout).toContain('(threads: cpu 1, wasm 1)');

  const { settings, participants, passedOver, figures } = JSON.parse(await readFile(json, 'utf8'));
  expect(settings).toMatchObject({ models: ['mlp'], methods: ['low'], threads: 2, rounds: 1, steps: 2 });
  expect(participants.map(({ name }: { name: string }) => name)).toEqual(['cpu', 'wasm']);
  expect(participants.map(({ threads }: { threads: number }) => threads)).toEqual([1, 1]);
  expect(participants[1].environment).toMatchObject({ node: process.version, backend: expect.stringMatching(/^wasm/) });
  expect(passedOver.map(({ name }: { name: string }) => name)).toEqual(['PyTorch']);
  const labels = figures.map(({ trainer, batchSize }: Record<string, unknown>) => `${trainer} ${batchSize}`);
  expect(labels).toEqual(['cpu 16', 'wasm 16', 'cpu 32', 'wasm 32']);
  for (const { model, parameters, methods } of figures) {
    expect({ model, parameters }).toEqual({ model: 'mlp', parameters: 269_322 });
    expect(methods.map(({ method }: { method: string }) => method)).toEqual(['uniform', 'low']);
    for (const { turns, milliseconds, counts } of methods) {
      expect(turns).toHaveLength(1);
      expect(milliseconds.step).toBeGreaterThan(0);
      expect(milliseconds.processor).toBeGreaterThan(0);
      expect(counts.kernelCalls).toBeGreaterThan(10);
      expect(counts.readBacks).toBeGreaterThan(0);
    }
  }
});

it.each([
  ['no/folder/figures.json', /'--json <file>' argument '\S+' is invalid\. There is no folder \S+no.folder; make it/],
  ['.', /'--json <file>' argument '\S+' is invalid\. It is a folder; give the name of a file/],
])('says at once that it cannot write the figures to %s', async (path, sentence) => {
  const { stdout, stderr, code } = await run(['--json', join(programs.folder, path)]);
  expect([stdout, code]).toEqual(['', 1]);
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toContain('take part');
});

it('prints what there is after Ctrl-C', async () => {
  const args = ['--models', 'mlp', '--backends', 'wasm', '--batch-sizes', '32', '--methods', 'low'];
  const { stdout, stderr, code } = await run([...args, '--rounds', '1000000'], 'turn 3 of');
  expect(code).toBe(130);
  expect(stderr).toContain('Stopping.');
  expect(stdout).toMatch(/│ mlp +│ 32 +│ wasm +│ +[\d.]+ │/);
});
