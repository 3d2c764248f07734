import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { benchModels, MODEL_NAMES } from '../src/backendCost/benchModels.js';
import { Trainer } from '../src/backendCost/Trainer.js';
import { torchScript } from '../src/backendCost/torchScript.js';
import { LineProcess } from '../src/processes/LineProcess.js';

/** A Python with PyTorch, if there is one: `GRADIS_TEST_PYTHON` names another than python3. */
const python = process.env.GRADIS_TEST_PYTHON ?? 'python3';
const hasTorch = spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0;

const startTorch = (executable: string) =>
  Trainer.start({
    name: 'PyTorch',
    backend: 'cpu',
    threads: 1,
    hasMethods: false,
    spawn: () => new LineProcess(executable, ['-c', torchScript]),
  });

describe('the PyTorch twins', () => {
  it.runIf(hasTorch)(
    'have as many parameters, train for as long as asked, and say what fails',
    async () => {
      const trainer = await startTorch(python);
      expect(trainer.started.device).toMatch(/^PyTorch [\d.]+\S*, 1 thread$/);
      expect(trainer.started.threads).toBe(1);
      for (const model of MODEL_NAMES) {
        const own = benchModels[model].create(1);
        const parameters = own.trainableWeights.reduce((sum, weight) => sum + weight.read().size, 0);
        own.dispose();
        expect(await trainer.create({ model, batchSize: 2 })).toEqual({ parameters });
        const { milliseconds, processorMilliseconds } = await trainer.time('uniform', { steps: 2, milliseconds: 1e6 });
        expect(milliseconds).toHaveLength(2);
        expect(processorMilliseconds).toBeGreaterThan(0);
        expect((await trainer.time('uniform', { steps: 50, milliseconds: 0 })).milliseconds).toHaveLength(1);
        await trainer.release();
      }
      await trainer.create({ model: 'mlp', batchSize: -1 });
      await expect(trainer.firstStep(60)).rejects.toThrow(/^RuntimeError: .*negative/);
      // A failure ends the process; the next model starts another.
      expect(await trainer.create({ model: 'mlp', batchSize: 2 })).toEqual({ parameters: 269_322 });
      trainer.kill();
    },
    300_000,
  );

  it('do not take part if the Python cannot be started', async () => {
    await expect(startTorch('no-such-python')).rejects.toThrow(
      'the process could not be started: spawn no-such-python ENOENT',
    );
  });
});
