import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { BACKENDS } from '@gradis/backends';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { examine } from '../src/doctor/examine.js';
import type { BackendHealth, Health } from '../src/doctor/Health.js';
import { measureApart } from '../src/doctor/measureApart.js';
import { measureBackend } from '../src/doctor/measureBackend.js';
import { renderHealth } from '../src/doctor/renderHealth.js';
import { bundlePrograms } from './bundlePrograms.js';

describe('gradis doctor', () => {
  let folder: string;
  let remove: () => Promise<void>;
  const run = (...args: string[]) => promisify(execFile)(process.execPath, [join(folder, 'cli.js'), 'doctor', ...args]);

  beforeAll(async () => {
    ({ folder, remove } = await bundlePrograms(['cli.ts']));
  });
  afterAll(() => remove());

  it('looks at every backend of this machine in a process of its own', { timeout: 240_000 }, async () => {
    const { stdout, stderr } = await run('--json');
    const health = JSON.parse(stdout) as Health;
    expect(health.backends.map(({ backend }) => backend)).toEqual([...BACKENDS]);
    for (const { backend, runs, reason, device, stepMilliseconds } of health.backends) {
      if (['wasm', 'cpu'].includes(backend)) expect(runs).toBe(true);
      if (runs) expect([device !== '', (stepMilliseconds ?? 0) > 0]).toEqual([true, true]);
      else expect(reason).toMatch(/^[^\n]+\.$/);
    }
    expect(health.auto).toBe(health.backends.find(({ runs, isSoftware }) => runs && !isSoftware)?.backend);
    expect(stderr).toContain('Looking at wasm …');
  });

  it('says what a program said last that failed, or how it ended', async () => {
    const ends = (program: string) => measureApart(join(folder, program), 'node', {});
    expect((await ends('missing.js')).reason).toMatch(/^it starts and fails: .+\.$/);
    await writeFile(join(folder, 'silent.js'), 'process.exit(3)');
    expect((await ends('silent.js')).reason).toBe('it starts and fails: exit code 3.');
  });

  it('does not mind what a preloaded module prints', async () => {
    await writeFile(join(folder, 'preload.cjs'), "console.log('hello {}')");
    vi.stubEnv('NODE_OPTIONS', `--require ${join(folder, 'preload.cjs')}`);
    expect(await measureApart(join(folder, 'cli.js'), 'wasm', {})).toMatchObject({ backend: 'wasm', runs: true });
    vi.unstubAllEnvs();
  });

  it('takes no backend that it does not know', async () => {
    await expect(run('--only', 'webgl')).rejects.toThrow('Allowed choices are node-gpu, webgpu, node, wasm, cpu');
  });
});

describe('the health of a machine', () => {
  it('has the time of a step on a backend that runs', async () => {
    const { runs, stepMilliseconds, versions } = await measureBackend('wasm');
    expect(runs).toBe(true);
    expect(stepMilliseconds).toBeGreaterThan(0);
    expect(Object.keys(versions ?? {})).toContain('@tensorflow/tfjs-backend-wasm');
  });

  const device = 'a device';
  const states: Record<string, BackendHealth> = {
    'node-gpu': { backend: 'node-gpu', runs: false, reason: 'there is no GPU; buy one.' },
    webgpu: { backend: 'webgpu', runs: true, isSoftware: true, device: 'SwiftShader', stepMilliseconds: 4321 },
    node: { backend: 'node', runs: true, device, stepMilliseconds: 4.321 },
    wasm: { backend: 'wasm', runs: false, reason: 'it is broken; mend it.' },
    cpu: { backend: 'cpu', runs: true, device, stepMilliseconds: 210 },
  };

  it('is told in order, with what auto takes and what those before it lack', async () => {
    const health = await examine(async (backend) => states[backend] as BackendHealth);
    expect(health.auto).toBe('node');
    const text = stripVTControlCharacters(renderHealth(health));
    const lines = text.split('\n');
    const line = (part: string) => lines.findIndex((candidate) => candidate.includes(part));
    expect(lines[line('4321.00')]).toMatch(/webgpu +│ SwiftShader +│ +4321\.00 │ software: only if asked for/);
    expect(lines[line('4.32 ')]).toMatch(/node +│ a device +│ +4\.32 │ ← auto/);
    expect(text).toMatch(/--backend auto takes node, the first of the table that runs on a real device/);
    expect(text).not.toContain('trains faster on');
    expect(lines.slice(line('For more speed') + 1, -1)).toEqual([
      '  node-gpu   there is no GPU; buy one.',
      '  webgpu     SwiftShader is software that imitates a GPU; install the driver of a GPU.',
    ]);
  });

  it('says where a small model trains faster than on what auto takes', async () => {
    const wasm: BackendHealth = { backend: 'wasm', runs: true, device, stepMilliseconds: 3 };
    const health = await examine(async (backend) => (backend === 'wasm' ? wasm : (states[backend] as BackendHealth)));
    expect(health.auto).toBe('node');
    expect(renderHealth(health)).toContain(
      'A model as small as that trains faster on wasm: --backend wasm, or --threads 1.',
    );
  });

  it('tells which packages are there, and which are not', async () => {
    const health = await examine(async (backend) => states[backend] as BackendHealth);
    expect(health.packages['@tensorflow/tfjs']).toBe(tf.version.tfjs);
    const packages = { '@tensorflow/tfjs': '4.22.0', webgpu: null, '@tensorflow/tfjs-node': null };
    const text = renderHealth({ ...health, packages });
    expect(text).toContain('Packages: @tensorflow/tfjs 4.22.0\n');
    expect(text).toContain('Not installed: webgpu\n');
  });

  it('is told where nothing runs', async () => {
    const health = await examine(async (backend) => ({ backend, runs: false, reason: 'broken; mend it.' }));
    expect(renderHealth(health)).toContain('No backend runs here.');
  });
});
