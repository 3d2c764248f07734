import { deserialize, serialize } from 'node:v8';
import { ArrayDataset, withFlipsAndCrops } from '@gradis/datasets';
import { smallCnn } from '@gradis/models';
import { RandomGenerator } from '@gradis/samplers';
import type { TrainEvent } from '@gradis/training';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../src/experiments/Experiment.js';
import { mnist } from '../src/experiments/mnist.js';
import { type RunState, runOne } from '../src/run/runOne.js';
import { startBackend } from '../src/run/startBackend.js';

/** Two classes of 8 × 8 images: dark on the left, dark on the right. */
function stripes(size: number, seed: number): ArrayDataset {
  const random = new RandomGenerator(seed);
  const dark = (label: number, x: number) => (label === 0 ? x < 4 : x >= 4);
  return new ArrayDataset({
    name: 'stripes',
    inputs: {
      data: Uint8Array.from({ length: size * 64 }, (_, i) =>
        dark(Math.floor(i / 64) % 2, i % 8) ? random.integer(128) : 128 + random.integer(128),
      ),
      shape: [8, 8, 1],
      scale: 1 / 255,
    },
    targets: { data: Int32Array.from({ length: size }, (_, i) => i % 2), shape: [] },
    classNames: ['left', 'right'],
  });
}

const data = { train: stripes(200, 1), test: stripes(100, 2) };
const experiment: Experiment = {
  ...mnist,
  name: 'stripes',
  augment: (train, seed) => withFlipsAndCrops(train, { seed, padding: 1, flip: false }),
  createModel: (seed) => smallCnn({ inputShape: [8, 8, 1], classes: 2, filters: [4], hidden: 8, seed }),
};
const settings = { ...mnist.presets.quick, epochs: 3, batchSize: 16, labelNoise: 0.1 };
const id = { method: 'memory-is', seed: 1 } as const;

const run = async (options: { experiment?: Experiment; state?: RunState; stopAfter?: number } = {}) => {
  const controller = new AbortController();
  const losses: number[] = [];
  let saved: RunState | undefined;
  const { epochs } = await runOne({
    experiment,
    data,
    settings,
    id,
    signal: controller.signal,
    onEvent: (event: TrainEvent) => {
      if (event.kind !== 'step') return;
      losses.push(...event.result.losses);
      if (event.step === options.stopAfter) controller.abort();
    },
    save: async (state) => {
      saved = deserialize(serialize(state)) as RunState;
    },
    ...options,
  });
  return { losses, saved, measured: epochs.map(({ train, test }) => ({ train, test })) };
};

describe('a run with augmented samples and wrong labels', () => {
  beforeAll(() => startBackend({ backend: 'wasm' }));

  it('goes on after an interruption with the views that would have come', async () => {
    const whole = await run();
    const first = await run({ stopAfter: 20 });
    const rest = await run({ state: first.saved });
    expect([...first.losses, ...rest.losses]).toEqual(whole.losses);
    expect(rest.measured).toEqual(whole.measured);
  });

  it('trains on other images than a plain run, and is evaluated on the same before training', async () => {
    const augmented = await run();
    const plain = await run({ experiment: { ...experiment, augment: undefined } });
    expect(augmented.losses.slice(0, 16)).not.toEqual(plain.losses.slice(0, 16));
    expect(augmented.measured[0]).toEqual(plain.measured[0]);
  });
});
