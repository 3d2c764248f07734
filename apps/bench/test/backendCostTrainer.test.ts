import { describe, expect, it } from 'vitest';
import { measureBackends } from '../src/backendCost/measureBackends.js';
import { Trainer } from '../src/backendCost/Trainer.js';
import { LineProcess } from '../src/processes/LineProcess.js';

/** A process that answers like a trainer; `onTime` says how to go on when it is to train, with `batchSize` and `reply`. */
const scriptOf = (onTime: string) => `
  const reply = (value) => console.log(JSON.stringify(value));
  let batchSize;
  require('node:readline').createInterface(process.stdin).on('line', (line) => {
    const request = JSON.parse(line);
    if (request.kind === 'create') batchSize = request.batchSize;
    if (request.kind === 'time') { ${onTime} }
    else reply({ value: { start: { device: String(process.pid) }, create: { parameters: 5 } }[request.kind] ?? null });
  });`;

const startTrainer = (name: string, onTime: string) =>
  Trainer.start({
    name,
    backend: name,
    threads: 1,
    hasMethods: false,
    spawn: () => new LineProcess(process.execPath, ['-e', scriptOf(onTime)]),
  });

const steady = 'reply({ value: { milliseconds: [3], processorMilliseconds: 2 } });';
const turn = { milliseconds: [3], processorMilliseconds: 2 };

const measure = (
  trainers: Trainer[],
  { limitSeconds = 1000, rounds = 4, signal = new AbortController().signal } = {},
) =>
  measureBackends(
    trainers,
    {
      workloads: [{ model: 'mlp', batchSizes: [64, 16] }],
      methods: [],
      effort: { rounds, turn: { steps: 1, milliseconds: 0 }, capMilliseconds: 1e9, limitSeconds },
    },
    () => undefined,
    signal,
  );

describe('trainers in processes of their own', () => {
  it('that fail are left out from there on, with their reason, and the others go on', async () => {
    const trainers = [
      await startTrainer('steady', steady),
      await startTrainer('refuses', `reply({ error: 'there is no such kernel' });`),
      await startTrainer('crashes', `console.error('out of memory'); process.exit(7);`),
      await startTrainer('fails late', `if (batchSize > 16) reply({ error: 'too large' }); else ${steady}`),
    ];
    const measured = await measure(trainers);
    expect(measured.map(({ trainer, batchSize, skipped }) => [trainer, batchSize, skipped])).toEqual([
      ['steady', 16, undefined],
      ['refuses', 16, 'there is no such kernel'],
      ['crashes', 16, 'the process has ended before it answered (exit code 7): out of memory'],
      ['fails late', 16, undefined],
      ['steady', 64, undefined],
      ['refuses', 64, 'batch 16: there is no such kernel'],
      ['crashes', 64, 'batch 16: the process has ended before it answered (exit code 7): out of memory'],
      ['fails late', 64, 'too large'],
    ]);
    expect(measured[0]).toMatchObject({
      parameters: 5,
      methods: [{ method: 'uniform', turns: [turn, turn, turn, turn] }],
    });
  });

  it('that take too long for the first step are ended', async () => {
    const [measured] = await measure([await startTrainer('silent', '')], { limitSeconds: 0.05 });
    expect(measured.skipped).toBe('the first step took more than 0.05 s');
  });

  it('start again for the next model after a failure', async () => {
    const trainer = await startTrainer('refuses', `reply({ error: 'no' });`);
    const { device } = trainer.started;
    await trainer.create({ model: 'mlp', batchSize: 1 });
    expect(trainer.started.device).toBe(device);
    await expect(trainer.firstStep(1000)).rejects.toThrow('no');
    await trainer.create({ model: 'cnn', batchSize: 1 });
    expect(trainer.started.device).not.toBe(device);
    trainer.kill();
  });

  it('that are slow make fewer turns', async () => {
    const trainer = await startTrainer('slow', steady.replace('3', '400'));
    const effort = { rounds: 9, turn: { steps: 1, milliseconds: 0 }, capMilliseconds: 1000, limitSeconds: 1000 };
    const plan = { workloads: [{ model: 'mlp' as const, batchSizes: [1] }], methods: [], effort };
    const [measured] = await measureBackends([trainer], plan, () => undefined, new AbortController().signal);
    expect(measured.methods[0].turns).toHaveLength(3);
  });

  it('leave what they have measured when they are stopped', async () => {
    const controller = new AbortController();
    const trainer = await startTrainer('steady', steady);
    const measuring = measure([trainer], { rounds: 1e9, signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 200));
    controller.abort();
    const measured = await measuring;
    expect(measured).toHaveLength(1);
    expect(measured[0].skipped).toBeUndefined();
  });
});
