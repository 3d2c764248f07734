import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onDevice } from '../src/backendCost/BenchMethod.js';
import { backendTables } from '../src/backendCost/backendTables.js';
import { benchModels, MODEL_NAMES } from '../src/backendCost/benchModels.js';
import { countStep } from '../src/backendCost/countStep.js';
import { figuresOf } from '../src/backendCost/figuresOf.js';
import type { Measurement } from '../src/backendCost/measureWorkload.js';
import { rivalAmong } from '../src/backendCost/startTrainers.js';
import { SAMPLES, syntheticSource } from '../src/backendCost/syntheticSource.js';
import { renderMarkdown, renderText } from '../src/backendCost/TextTable.js';
import { Training } from '../src/backendCost/Training.js';
import { startBackend } from '../src/run/startBackend.js';
import { median } from '../src/timing/median.js';
import { pairedRatio } from '../src/timing/pairedRatio.js';

let tensorsBefore: number;
beforeAll(async () => {
  await tf.setBackend('cpu');
});
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});

describe('paired ratios', () => {
  it('cancel what slows both in the same turn', () => {
    const load = [1, 7, 2, 30, 1.5];
    const times = (milliseconds: number) => load.map((factor) => milliseconds * factor);
    const { ratio, spread } = pairedRatio(times(3), times(2));
    expect(ratio).toBeCloseTo(1.5, 12);
    expect(spread).toBeCloseTo(0, 12);
  });

  it('are unmoved by one slow turn, and by turns that the other has not made', () => {
    expect(pairedRatio([2, 2, 90, 2, 2, 70], [1, 1, 1, 1, 1])).toEqual({ ratio: 2, spread: 0 });
  });

  it('say how far the turns are apart', () => {
    // Quartiles of 1 to 9 are 3 and 7.
    expect(pairedRatio([9, 1, 2, 8, 3, 7, 4, 6, 5], new Array(9).fill(1))).toEqual({ ratio: 5, spread: 2 });
  });

  it('are NaN without a turn', () => {
    expect(pairedRatio([], [1])).toEqual({ ratio: Number.NaN, spread: Number.NaN });
  });

  it('are made of medians: the upper one of two', () => {
    expect(median([])).toBeNaN();
    expect(median([4, 1])).toBe(4);
    expect(median([9, 1, 5])).toBe(5);
  });
});

describe('figures and tables', () => {
  const turns = (step: number) =>
    [1, 2, 3].map(() => ({ milliseconds: [step, step, 99 * step, step], processorMilliseconds: step / 2 }));
  const counts = { kernelCalls: 57, readBacks: 1, peakTensors: 80, peakBytes: 12_600_000 };
  const measurements: Measurement[] = [
    {
      model: 'mlp',
      batchSize: 64,
      trainer: 'wasm',
      parameters: 269_322,
      methods: [
        { method: 'uniform', turns: turns(4), counts },
        { method: 'low', turns: turns(5), counts: { ...counts, readBacks: 3 } },
      ],
    },
    { model: 'mlp', batchSize: 64, trainer: 'cpu', methods: [{ method: 'uniform', turns: [] }], skipped: 'too slow' },
    { model: 'mlp', batchSize: 64, trainer: 'PyTorch', methods: [{ method: 'uniform', turns: turns(2) }] },
    // A rival of another batch size is none.
    { model: 'mlp', batchSize: 256, trainer: 'wasm', methods: [{ method: 'uniform', turns: turns(8) }] },
  ];
  const figures = figuresOf(measurements, (trainer) => (trainer === 'PyTorch' ? undefined : 'PyTorch'));

  it('compare with PyTorch and with uniform sampling', () => {
    const [wasm, cpu, torch, alone] = figures;
    const same = (ratio: number) => ({ step: { ratio, spread: 0 }, processor: { ratio, spread: 0 } });
    expect(wasm.toRival).toEqual(same(2));
    expect(wasm.methods.map(({ toUniform }) => toUniform)).toEqual([same(1), same(1.25)]);
    const times = { step: 4, processor: 2 };
    expect(wasm.methods[0]).toMatchObject({
      milliseconds: times,
      samplesPerSecond: 16_000,
      turns: [times, times, times],
    });
    expect(cpu.methods).toEqual([]);
    expect([cpu, torch, alone].map(({ toRival }) => toRival)).toEqual([undefined, undefined, undefined]);
  });

  it('take PyTorch on the same kind of device for the rival', () => {
    const among = (names: string[]) => names.map(rivalAmong(names));
    expect(among(['webgpu', 'node', 'PyTorch', 'PyTorch cuda'])).toEqual([
      'PyTorch cuda',
      'PyTorch',
      undefined,
      undefined,
    ]);
    expect(among(['webgpu', 'PyTorch'])).toEqual(['PyTorch', undefined]);
    expect(among(['node-gpu', 'wasm'])).toEqual([undefined, undefined]);
  });

  it('show all of it, and why something is not there', () => {
    const [steps, methods, processor, calls] = backendTables(figures, ['low']);
    expect(steps.rows).toEqual([
      ['mlp', '64', 'wasm', '4.00', '16,000', '2.00 ±0.00', '2.00', '2.00 ±0.00'],
      ['mlp', '64', 'cpu', 'skipped: too slow'],
      ['mlp', '64', 'PyTorch', '2.00', '32,000', '', '1.00', ''],
      ['mlp', '256', 'wasm', '8.00', '32,000', '', '4.00', ''],
    ]);
    expect(methods.rows).toEqual([['mlp', '64', 'wasm', '1.25 ±0.00']]);
    expect(processor.rows).toEqual(methods.rows);
    expect(calls.rows).toEqual([['mlp', '64', 'wasm', '57 + 1', '57 + 3', '80', '13']]);
    expect(renderText(steps)).toMatch(/│ mlp +│ 64 +│ cpu +│ skipped: too slow +│/);
    const lines = renderMarkdown(steps).split('\n');
    expect(lines[3]).toBe('| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |');
    expect(lines[5]).toBe('| mlp | 64 | cpu | skipped: too slow |  |  |  |  |');
  });
});

describe('counting', () => {
  it('finds the kernels that tf.profile finds, and the reads', async () => {
    const work = async () => {
      const [matrix, product] = tf.tidy(() => {
        const matrix = tf.ones([4, 4]);
        return [matrix, tf.relu(tf.matMul(matrix, matrix))];
      });
      product.dataSync();
      await product.data();
      await matrix.array();
      tf.dispose([matrix, product]);
    };
    const counts = await countStep(work);
    const { kernels, peakBytes } = await tf.profile(async () => {
      await work();
      return [];
    });
    expect(counts).toMatchObject({ kernelCalls: kernels.length, readBacks: 3, peakBytes });
    expect(counts.kernelCalls).toBeGreaterThan(1);
  });

  it('leaves engine and backend as they were, even after a failure', async () => {
    const owned = () => [tf.engine(), tf.backend()].map((owner) => Object.keys(owner));
    const before = owned();
    await expect(countStep(() => Promise.reject(new Error('no step')))).rejects.toThrow('no step');
    expect(owned()).toEqual(before);
  });
});

describe('training for a measurement', () => {
  it('has as many samples as a usual data set, in few tensors, the same each time', () => {
    const [first, second] = [syntheticSource([2, 3]), syntheticSource([2, 3])];
    expect(first.size).toBe(SAMPLES);
    tf.tidy(() => {
      const indices = Int32Array.of(0, 1023, 1024, SAMPLES - 1);
      const [batch, again] = [first.take(indices), second.take(indices)] as { inputs: tf.Tensor; targets: tf.Tensor }[];
      expect(batch.inputs.shape).toEqual([4, 2, 3]);
      expect(batch.inputs.dataSync()).toEqual(again.inputs.dataSync());
      const labels = Array.from(batch.targets.dataSync());
      expect(labels[2]).toBe(labels[0]);
      const rows = first.takeRows(tf.tensor1d(indices, 'int32')) as { inputs: tf.Tensor; targets: tf.Tensor };
      expect(rows.inputs.dataSync()).toEqual(batch.inputs.dataSync());
      expect(Array.from(rows.targets.dataSync())).toEqual(labels);
      expect(labels.every((label) => label >= 0 && label < 10)).toBe(true);
    });
    first.dispose();
    second.dispose();
  });

  it('makes whole turns of each method on one model, and counts', async () => {
    const training = new Training({ model: 'mlp', batchSize: 16 });
    expect(training.parameters).toBe(269_322);
    const { milliseconds, processorMilliseconds } = await training.time('uniform', { steps: 3, milliseconds: 1e6 });
    expect(milliseconds).toHaveLength(3);
    expect(processorMilliseconds).toBeGreaterThan(0);
    expect((await training.time('low', { steps: 3, milliseconds: 0 })).milliseconds).toHaveLength(1);
    const tensors = tf.memory().numTensors;
    const [uniform, low] = [await training.count('uniform'), await training.count('low')];
    // LOW weights depend on the scores of the batch, which are then read within the step.
    expect(low.readBacks).toBeGreaterThan(uniform.readBacks);
    expect(low.kernelCalls).toBeGreaterThan(uniform.kernelCalls);
    expect(uniform.peakTensors).toBeGreaterThan(tensors);
    expect(tf.memory().numTensors).toBe(tensors);
    await training.dispose();
  });

  it('makes turns of methods on the device, in which nothing is read', async () => {
    await startBackend({ backend: 'wasm' }); // the kernels of cpu read what they work on
    const training = new Training({ model: 'mlp', batchSize: 16 });
    const methods = onDevice(['uniform', 'auto', 'memory-is']);
    expect(methods).toEqual(['uniform@device', 'memory-is@device']);
    for (const method of methods) {
      const { milliseconds } = await training.time(method, { steps: 3, milliseconds: 1e6 });
      expect(milliseconds).toHaveLength(3);
      const tensors = tf.memory().numTensors;
      expect((await training.count(method)).readBacks).toBe(0);
      expect(tf.memory().numTensors).toBe(tensors);
    }
    await training.dispose();
    await tf.setBackend('cpu');
  });

  it.each(MODEL_NAMES)('knows %s by the shape of its samples and its classes', (name) => {
    const { create, inputShape } = benchModels[name];
    const model = create(1);
    expect(model.inputs[0].shape).toEqual([null, ...inputShape]);
    expect(model.outputs[0].shape).toEqual([null, 10]);
    model.dispose();
  });
});
