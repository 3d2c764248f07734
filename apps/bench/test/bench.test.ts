import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRun } from '@gradis/metrics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bench } from '../src/commands/bench.js';
import { mnist } from '../src/experiments/mnist.js';
import { runProgram } from '../src/runProgram.js';
import { capture } from './capture.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gradis-'));
});
afterAll(() => rm(root, { recursive: true }));

const gradis = (args: string, onOutput?: (text: string) => void) =>
  capture(() => runProgram(['node', 'gradis', ...args.split(' ')]), onOutput);

describe('gradis bench', () => {
  it('trains on the whole of MNIST, writes a record of each run and a report, and prints who is ahead', async () => {
    const out = join(root, 'whole');
    const args = `bench mnist --methods uniform,memory-is,low --seeds 1 --budget 0.4 --out ${out}`;
    const { stdout, stderr, result, error } = await gradis(args);
    expect(error).toBeUndefined();
    expect(result).toBe(0);
    expect((await readdir(out)).sort()).toEqual([
      'low-seed1.jsonl',
      'memory-is-seed1.jsonl',
      'plan.json',
      'report.html',
      'uniform-seed1.jsonl',
    ]);
    const run = parseRun(await readFile(join(out, 'memory-is-seed1.jsonl'), 'utf8'));
    expect(run.dataset).toEqual({ name: 'MNIST', trainSize: 60_000, testSize: 10_000 });
    expect(run.end?.reason).toBe('budget');
    expect(run.epochs.at(-1)?.trainingSeconds).toBeGreaterThanOrEqual(0.4);
    expect(run.epochs.at(-1)?.test?.error).toBeLessThan(run.epochs[0].test?.error as number);
    expect(run.settings.batchSize).toBe(64);
    expect(stdout).toContain('memory-is');
    expect(stdout).toContain(join(out, 'report.html'));
    expect(stderr).toMatch(/uniform +seed 1 {2}epoch 0: train loss/);
    const html = await readFile(join(out, 'report.html'), 'utf8');
    expect(html).toContain('<svg');
    expect(html).toContain('60,000');
  });

  it('stops after the current step on Ctrl-C, and --resume ends where an uninterrupted run ends', async () => {
    const settings = 'bench mnist --methods memory-is --seeds 1 --epochs 1 --train-size 10000 --batch-size 50';
    const straight = join(root, 'straight');
    await gradis(`${settings} --out ${straight}`);

    const broken = join(root, 'broken');
    // The first evaluation is printed before the first step; the signal comes a moment later, within the epoch.
    const interrupt = (text: string) => {
      if (text.includes('epoch 0')) setTimeout(() => process.emit('SIGINT'), 100);
    };
    const first = await gradis(`${settings} --out ${broken}`, interrupt);
    expect(first.result).toBe(130);
    expect(first.stderr).toContain(`--resume --out ${broken}`);
    expect((await readdir(broken)).sort()).toEqual(['memory-is-seed1.checkpoint', 'plan.json']);

    const second = await gradis(`bench mnist --resume --out ${broken}`);
    expect(second.result).toBe(0);
    expect(second.stderr).toMatch(/continues after step [1-9]/);
    expect(await readdir(broken)).not.toContain('memory-is-seed1.checkpoint');
    const [resumed, expected] = await Promise.all(
      [broken, straight].map(async (folder) => {
        const run = parseRun(await readFile(join(folder, 'memory-is-seed1.jsonl'), 'utf8'));
        return run.epochs.map(({ seconds, trainingSeconds, ...epoch }) => epoch);
      }),
    );
    expect(resumed).toEqual(expected);
  });

  it('stops on Ctrl-C while the data is fetched', async () => {
    const out = join(root, 'unfetched');
    const loadData = async (signal?: AbortSignal) => {
      process.emit('SIGINT');
      signal?.throwIfAborted();
      return mnist.loadData();
    };
    const flags = { given: {}, out, resume: false, json: false, device: {} };
    const { result, error, stdout, stderr } = await capture(() => bench({ ...mnist, loadData }, flags));
    expect([error, result, stdout]).toEqual([undefined, 130, '']);
    expect(stderr).toContain(`Interrupted. Continue with: gradis bench mnist --resume --out ${out}`);
    expect(await readdir(out)).toEqual(['plan.json']);
  });

  it('--resume adds methods and makes only the runs that are missing', async () => {
    const out = join(root, 'whole');
    const before = await readFile(join(out, 'uniform-seed1.jsonl'), 'utf8');
    const { result, stderr } = await gradis(`bench mnist --resume --methods dlis --out ${out} --json`);
    expect(result).toBe(0);
    expect(stderr).toContain('1 run of');
    expect(await readFile(join(out, 'uniform-seed1.jsonl'), 'utf8')).toBe(before);
    expect(await readdir(out)).toContain('dlis-seed1.jsonl');
  });

  it('trains on some of the samples with wrong labels, says so in the record, and resumes no other noise', async () => {
    const out = join(root, 'noisy');
    const args = 'bench mnist --methods uniform --seeds 1 --epochs 1 --train-size 640';
    expect((await gradis(`${args} --label-noise 0.25 --out ${out}`)).result).toBe(0);
    const run = parseRun(await readFile(join(out, 'uniform-seed1.jsonl'), 'utf8'));
    expect(run.settings.labelNoise).toBe(0.25);
    expect(run.epochs.at(-1)?.steps).toBe(10);
    const name = 'MNIST with 25 % of the training labels wrong';
    expect(run.dataset).toEqual({ name, trainSize: 640, testSize: 10_000 });
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain(name);
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('Wrong labels count in the training loss');
    const other = await gradis(`bench mnist --resume --label-noise 0.1 --out ${out}`);
    expect(other.error?.message).toMatch(/begun with labelNoise 0.25; it cannot be resumed with 0.1/);
  });

  it('goes on with the other runs when one diverges, and says so', async () => {
    const out = join(root, 'diverged');
    const args = `bench mnist --methods low,uniform --seeds 1 --epochs 1 --batch-size 2000 --lr 1e30 --optimizer sgd --out ${out}`;
    const { result, stderr } = await gradis(args);
    expect(stderr).toMatch(/low +seed 1.*diverged/);
    expect(stderr).toMatch(/uniform +seed 1.*diverged/);
    expect(result).toBe(1);
    expect(stderr).toMatch(/No run has finished an epoch/);
    const run = parseRun(await readFile(join(out, 'low-seed1.jsonl'), 'utf8'));
    expect(run.end?.reason).toBe('diverged');
  });

  it('gradis report prints the results again, or all runs as JSON', async () => {
    const out = join(root, 'whole');
    const { stdout } = await gradis(`report ${out} --json`);
    const { runs } = JSON.parse(stdout) as { runs: { method: string }[] };
    expect(runs.map(({ method }) => method)).toEqual(['uniform', 'memory-is', 'dlis', 'low']);
    expect((await gradis(`report ${out}`)).stdout).toContain('At equal time');
  });
});

describe('gradis', () => {
  it('lists experiments and methods, with bias and source', async () => {
    const { stdout } = await gradis('list');
    expect(stdout).toMatch(/mnist.*60,000/);
    expect(stdout).toMatch(/cifar10-cnn.*50,000/);
    expect(stdout).toMatch(/memory-as[\s\S]*biased[\s\S]*arXiv 2311\.14468/);
  });

  it.each([
    ['bench cifar', /no experiment "cifar"; choose one of mnist/],
    ['bench mnist --resume --out nowhere', /nowhere holds no comparison to resume/],
    ['report nowhere', /no folder nowhere/],
    ['report package.json', /package.json is a file/],
    ['bench mnist --train-size 60001 --out ROOT/large', /--train-size is 60001; MNIST has 60000 training samples/],
    ['bench mnist --out package.json/deep', /cannot read package.json.deep.plan.json \(ENOTDIR\)/],
  ])('%s fails with the remedy', async (args, message) => {
    expect((await gradis(args.replace('ROOT', root))).error?.message).toMatch(message);
  });

  it('refuses to mix two comparisons in one folder, and other settings for a begun one', async () => {
    const out = join(root, 'whole');
    expect((await gradis(`bench mnist --out ${out}`)).error?.message).toMatch(/--resume, or choose another --out/);
    const other = await gradis(`bench mnist --resume --lr 1 --out ${out}`);
    expect(other.error?.message).toMatch(/begun with learningRate 0.0003; it cannot be resumed with 1/);
    const preset = await gradis(`bench mnist --resume --preset paper --out ${out}`);
    expect(preset.error?.message).toMatch(/leave --preset out/);
  });

  it('names the file and the line of a damaged record', async () => {
    const { writeFile } = await import('node:fs/promises');
    const out = join(root, 'whole');
    await writeFile(join(out, 'low-seed1.jsonl'), '{"record":"run","schemaVersion":1}\n');
    expect((await gradis(`report ${out}`)).error?.message).toMatch(/low-seed1\.jsonl: Run record, line 1/);
  });
});
