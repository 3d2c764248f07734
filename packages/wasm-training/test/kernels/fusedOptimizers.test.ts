import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { fusedAdam, fusedMomentum, installWasmTraining } from '../../src/index.js';
import { largestError, randomNumbers } from '../support.js';

beforeEach(async () => {
  await installWasmTraining();
});

const SIZES = [1, 4, 37];

/** Variables with fixed values; `gradients(step)` gives the gradients of that step in their order. */
function problem() {
  const variables = SIZES.map((size, i) => tf.variable(tf.tensor1d(randomNumbers(size, i + 1))));
  const gradients = (step: number) =>
    variables.map(({ name }, i) => ({ name, tensor: tf.tensor1d(randomNumbers(SIZES[i]!, 100 * step + i + 7)) }));
  return { variables, gradients };
}
type NamedTensors = Parameters<tf.AdamOptimizer['applyGradients']>[0];

/** The values of all variables after so many steps. */
function run(optimizer: tf.Optimizer, steps: number, start = 0, { variables, gradients } = problem()): number[] {
  for (let step = start; step < start + steps; step++) {
    tf.tidy(() => optimizer.applyGradients(gradients(step) as NamedTensors));
  }
  return variables.flatMap((variable) => [...variable.dataSync()]);
}

/** The running powers of Adam's decay rates, which are no part of its weights; none for others. */
function powersOf(optimizer: tf.Optimizer): number[] {
  const { accBeta1, accBeta2 } = optimizer as unknown as Record<string, tf.Variable | undefined>;
  return [accBeta1, accBeta2].flatMap((power) => (power ? [...power.dataSync()] : []));
}

const pairs: [string, () => tf.Optimizer, () => tf.Optimizer][] = [
  ['adam', () => fusedAdam(0.01, 0.8, 0.99, 1e-6), () => tf.train.adam(0.01, 0.8, 0.99, 1e-6)],
  ['adam with defaults', () => fusedAdam(), () => tf.train.adam()],
  ['momentum', () => fusedMomentum(0.01, 0.9), () => tf.train.momentum(0.01, 0.9)],
  ['nesterov', () => fusedMomentum(0.01, 0.9, true), () => tf.train.momentum(0.01, 0.9, true)],
];

describe.each(pairs)('fused %s', (_, fused, stock) => {
  it('equals the optimiser of TensorFlow.js to 1e-6 over 100 steps', () => {
    expect(largestError(run(fused(), 100), run(stock(), 100))).toBeLessThan(1e-6);
  });

  it('is that optimiser on another backend', async () => {
    await tf.setBackend('cpu');
    expect(largestError(run(fused(), 20), run(stock(), 20))).toBeLessThan(1e-6);
  });

  it('may change the backend in the middle', async () => {
    const [ours, theirs] = [fused(), stock()];
    const [ourProblem, theirProblem] = [problem(), problem()];
    for (const [i, backend] of ['wasm', 'cpu', 'wasm'].entries()) {
      await tf.setBackend(backend);
      run(ours, 10, 10 * i, ourProblem);
      run(theirs, 10, 10 * i, theirProblem);
    }
    expect(largestError(run(ours, 1, 30, ourProblem), run(theirs, 1, 30, theirProblem))).toBeLessThan(1e-6);
  });

  it('has the same configuration and class name, so saved models load', () => {
    expect(fused().getConfig()).toEqual(stock().getConfig());
    expect(fused().getClassName()).toBe(stock().getClassName());
  });

  it('goes on from the weights of the other as if nothing had happened', async () => {
    const [ourProblem, theirProblem] = [problem(), problem()];
    const [ours, theirs] = [fused(), stock()];
    run(theirs, 5, 0, theirProblem);
    run(stock(), 5, 0, ourProblem);
    const weights = await theirs.getWeights();
    await ours.setWeights(weights.map(({ name, tensor }) => ({ name, tensor: tensor.clone() })));
    expect((await ours.getWeights()).map(({ name }) => name)).toEqual(weights.map(({ name }) => name));
    expect(largestError(run(ours, 20, 5, ourProblem), run(theirs, 20, 5, theirProblem))).toBeLessThan(1e-6);
  });

  it('hands its state to the other, which goes on as if nothing had happened', async () => {
    const [ourProblem, theirProblem] = [problem(), problem()];
    const [ours, theirs, heir] = [fused(), stock(), stock()];
    run(ours, 50, 0, ourProblem);
    run(theirs, 50, 0, theirProblem);
    expect(largestError(powersOf(ours), powersOf(theirs))).toBeLessThan(1e-6);
    await heir.setWeights((await ours.getWeights()).map(({ name, tensor }) => ({ name, tensor: tensor.clone() })));
    expect(largestError(powersOf(heir), powersOf(ours))).toBeLessThan(1e-6);
    expect(largestError(run(heir, 20, 50, ourProblem), run(theirs, 20, 50, theirProblem))).toBeLessThan(1e-6);
  });

  it('changes nothing where a gradient does not fit', () => {
    const optimizer = fused();
    const { variables, gradients } = problem();
    run(optimizer, 1, 0, { variables, gradients });
    const values = () => variables.flatMap((variable) => [...variable.dataSync()]);
    const [before, { numTensors }] = [values(), tf.memory()];
    const wrong = () => [...gradients(1).slice(0, 2), { ...gradients(1)[2]!, tensor: tf.ones([5]) }] as NamedTensors;
    expect(() => tf.tidy(() => optimizer.applyGradients(wrong()))).toThrow(
      `the variable ${variables[2]!.name} is float32 [37], its gradient float32 [5]; both must be float32 of one shape.`,
    );
    expect([values(), tf.memory().numTensors]).toEqual([before, numTensors]);
  });

  it('keeps the number of tensors and skips variables without a gradient', () => {
    const optimizer = fused();
    const { variables, gradients } = problem();
    run(optimizer, 1, 0, { variables, gradients });
    const before = tf.memory().numTensors;
    const [first, ...rest] = variables.map((variable) => [...variable.dataSync()]);
    tf.tidy(() =>
      optimizer.applyGradients([
        { ...gradients(1)[0]!, tensor: null } as never,
        ...gradients(1).slice(1),
      ] as NamedTensors),
    );
    expect(tf.memory().numTensors).toBe(before);
    expect([...variables[0]!.dataSync()]).toEqual(first);
    expect([...variables[1]!.dataSync()]).not.toEqual(rest[0]);
  });

  it('never changes a value that somebody keeps', () => {
    const { variables, gradients } = problem();
    const kept = variables.map((variable) => variable.clone());
    const before = kept.map((tensor) => [...tensor.dataSync()]);
    run(fused(), 3, 0, { variables, gradients });
    expect(kept.map((tensor) => [...tensor.dataSync()])).toEqual(before);
  });
});

it('a wrong learning rate by 0.1 % fails the comparison', () => {
  expect(largestError(run(fusedAdam(0.01), 100), run(tf.train.adam(0.01001), 100))).toBeGreaterThan(1e-6);
});
