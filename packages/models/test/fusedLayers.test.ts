import { installWasmTraining, type kernelTable } from '@gradis/wasm-training';
import * as tf from '@tensorflow/tfjs';
import { afterAll, expect, test } from 'vitest';
import { BatchNormalization, DenseMax, FeatureNormalization, Gelu, Lstm } from '../src/index.js';
import { behaviour, largestDifference, ROUNDING } from './layerBehaviour.js';

/** The layers that run as one kernel where there is one, with that kernel and that of its gradient. */
const cases: { make: () => tf.layers.Layer; shape: number[]; kernels: (keyof typeof kernelTable)[] }[] = [
  { make: () => new FeatureNormalization({}), shape: [3, 5, 24], kernels: ['LayerNorm', 'LayerNormGrad'] },
  { make: () => new FeatureNormalization({}), shape: [7, 3], kernels: ['LayerNorm', 'LayerNormGrad'] },
  { make: () => new BatchNormalization({}), shape: [3, 4, 2, 5], kernels: ['BatchNorm', 'BatchNormGrad'] },
  { make: () => new BatchNormalization({}), shape: [9, 6], kernels: ['BatchNorm', 'BatchNormGrad'] },
  {
    make: () => new DenseMax({ units: 7, kernelInitializer: seeded(3) }),
    shape: [3, 9, 4],
    kernels: ['LargestProducts'],
  },
  { make: () => new Gelu({}), shape: [3, 5, 7], kernels: ['Gelu', 'GeluGrad'] },
  {
    make: () => new Lstm({ units: 6, kernelInitializer: seeded(3), recurrentInitializer: seeded(4) }),
    shape: [3, 5, 4],
    kernels: ['LstmSequence', 'LstmSequenceGrad'],
  },
];

afterAll(() => tf.setBackend('cpu'));

test.each(cases)(
  '$kernels.0 over $shape: the layer gives the same by its kernel as composed, gradients too',
  async (layerCase) => {
    const { make, shape, kernels } = layerCase;
    const off = Object.fromEntries(kernels.map((name) => [name, false]));
    const composed = await run(off, make, shape);
    const fused = await run({}, make, shape);
    for (const name of kernels) {
      expect(composed.kernels).not.toContain(name);
      expect(fused.kernels).toContain(name);
    }
    expect(largestDifference(fused.numbers, composed.numbers)).toBeLessThan(ROUNDING);
    const [{ numbers: other }] = [await run({}, make, shape, 1.001)];
    expect(largestDifference(other, composed.numbers)).toBeGreaterThan(ROUNDING);
  },
);

/** Behaviour of a layer on wasm, and the names of the kernels that ran. The input is scaled. */
async function run(
  kernels: Record<string, boolean>,
  make: () => tf.layers.Layer,
  shape: number[],
  scale = 1,
): Promise<{ numbers: number[][]; kernels: string[] }> {
  await installWasmTraining({ kernels });
  const before = tf.memory().numTensors;
  const layer = make();
  const x = tf.tidy(() => tf.mul(tf.randomNormal(shape, 0.5, 2, 'float32', 1), scale));
  let numbers: number[][] = [];
  const profile = await tf.profile(() => {
    numbers = behaviour(layer, x, true);
  });
  x.dispose();
  layer.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return { numbers, kernels: profile.kernelNames };
}

function seeded(seed: number) {
  return tf.initializers.glorotUniform({ seed });
}
