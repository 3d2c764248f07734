import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { fusedAdam, fusedMomentum, installWasmTraining, type RegularizationOptions } from '../../src/index.js';
import { largestError, randomNumbers } from '../support.js';

beforeEach(async () => {
  await installWasmTraining();
});

const SHAPES = [[5], [3, 4], [37]];
const STEPS = 30;
const RATE = 0.01;
const WEIGHT_DECAY = 0.5;
/** The gradients of the three variables together have norms of about √(54 / 3) = 4. */
const CLIP_NORM = 3.9;

const gradient = (step: number, i: number) => randomNumbers(tf.util.sizeFromShape(SHAPES[i]!), 100 * step + i + 7);

/** One number of a variable: its value, and what the formula remembers. */
interface Cell {
  w: number;
  m: number;
  v: number;
}

/** A formula in float64: one step of one number. */
type Formula = (cell: Cell, g: number, step: number) => void;

const adam: Formula = (cell, g, step) => {
  cell.m = 0.9 * cell.m + 0.1 * g;
  cell.v = 0.999 * cell.v + 0.001 * g * g;
  cell.w -= (RATE * (cell.m / (1 - 0.9 ** step))) / (Math.sqrt(cell.v / (1 - 0.999 ** step)) + 1e-7);
};

const momentum: Formula = (cell, g) => {
  cell.m = 0.9 * cell.m + g;
  cell.w -= RATE * cell.m;
};

const nesterov: Formula = (cell, g) => {
  cell.m = 0.9 * cell.m + g;
  cell.w -= RATE * (g + 0.9 * cell.m);
};

/** The weights by the formula in float64. */
function reference(formula: Formula, { weightDecay = 0, clipNorm, decays }: RegularizationOptions): number[] {
  const variables = SHAPES.map((shape, i) =>
    Array.from(randomNumbers(tf.util.sizeFromShape(shape), i + 1), (w): Cell => ({ w, m: 0, v: 0 })),
  );
  for (let step = 1; step <= STEPS; step++) {
    const gradients = SHAPES.map((_, i) => gradient(step, i));
    const norm = Math.hypot(...gradients.flatMap((own) => [...own]));
    const factor = clipNorm === undefined ? 1 : Math.min(1, clipNorm / norm);
    variables.forEach((cells, i) => {
      const isDecayed = decays?.({ shape: SHAPES[i]! } as tf.Variable) ?? true;
      cells.forEach((cell, k) => {
        if (isDecayed) cell.w *= 1 - RATE * weightDecay;
        formula(cell, factor * gradients[i]![k]!, step);
      });
    });
  }
  return variables.flatMap((cells) => cells.map(({ w }) => w));
}

/** The weights by an optimiser. Asserts that steps leave no tensors behind. */
function run(optimizer: tf.Optimizer): number[] {
  const variables = SHAPES.map((shape, i) =>
    tf.variable(tf.tensor(randomNumbers(tf.util.sizeFromShape(shape), i + 1), shape)),
  );
  let after: number | undefined;
  for (let step = 1; step <= STEPS; step++) {
    tf.tidy(() => {
      const gradients = variables.map(({ name, shape }, i) => ({ name, tensor: tf.tensor(gradient(step, i), shape) }));
      optimizer.applyGradients(gradients as Parameters<tf.Optimizer['applyGradients']>[0]);
    });
    after ??= tf.memory().numTensors;
  }
  expect(tf.memory().numTensors).toBe(after);
  const values = variables.flatMap((variable) => [...variable.dataSync()]);
  tf.dispose(variables);
  optimizer.dispose();
  return values;
}

const optimizers: [string, (options?: RegularizationOptions) => tf.Optimizer, Formula][] = [
  ['adam', (options) => fusedAdam(RATE, 0.9, 0.999, 1e-7, options), adam],
  ['momentum', (options) => fusedMomentum(RATE, 0.9, false, options), momentum],
  ['nesterov', (options) => fusedMomentum(RATE, 0.9, true, options), nesterov],
];

const regularizations: RegularizationOptions[] = [
  {},
  { weightDecay: WEIGHT_DECAY },
  { clipNorm: CLIP_NORM },
  { weightDecay: WEIGHT_DECAY, clipNorm: CLIP_NORM },
  { weightDecay: WEIGHT_DECAY, decays: ({ shape }) => shape.length > 1 },
];

describe.each(optimizers)('%s', (_, create, formula) => {
  it.each(regularizations)('with %j is the formula, on wasm and elsewhere', async (options) => {
    const expected = reference(formula, options);
    expect(largestError(run(create(options)), expected)).toBeLessThan(2e-6);
    await tf.setBackend('cpu');
    expect(largestError(run(create(options)), expected)).toBeLessThan(2e-6);
  });

  it.each([
    [{ weightDecay: WEIGHT_DECAY }, { weightDecay: 1.001 * WEIGHT_DECAY }],
    [{ weightDecay: WEIGHT_DECAY, decays: () => false }, { weightDecay: WEIGHT_DECAY }],
    [{ clipNorm: CLIP_NORM }, {}],
    [{ clipNorm: 0.5 }, { clipNorm: 0.6 }],
  ] as [RegularizationOptions, RegularizationOptions][])('with %j is not the formula with %j', (own, other) => {
    const isBlind = formula === adam && own.clipNorm === 0.5; // Adam does not see a factor that all gradients have.
    const error = largestError(run(create(own)), reference(formula, other));
    if (isBlind) expect(error).toBeLessThan(1e-4);
    else expect(error).toBeGreaterThan(1e-5);
  });

  it.each([
    [{ weightDecay: -1 }, 'weightDecay is -1; it must be a number ≥ 0.'],
    [{ weightDecay: Number.NaN }, 'weightDecay is NaN'],
    [{ clipNorm: 0 }, 'clipNorm is 0; it must be a number > 0, or left out.'],
    [{ clipNorm: Number.NaN }, 'clipNorm is NaN'],
    [{ clipnorm: 1 } as RegularizationOptions, "no option 'clipnorm'; the options are weightDecay, decays, clipNorm."],
  ])('refuses %j', (options, message) => {
    expect(() => create(options)).toThrow(message);
  });
});

it.each([
  [Number.NaN, 'learningRate is NaN; it must be a number > 0.'],
  [0, 'learningRate is 0;'],
  [{ weightDecay: 0.1 } as unknown as number, 'learningRate is {"weightDecay":0.1};'],
])('refuses the learning rate %j', (learningRate, message) => {
  expect(() => fusedAdam(learningRate)).toThrow(message);
  expect(() => fusedMomentum(learningRate, 0.9)).toThrow(message);
});
