import { softmaxCrossEntropy } from '@gradis/importance';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { fusedAdam, fusedMomentum, type RegularizationOptions, useBackend } from '../src/index.js';
import { usableBackends } from './usableBackends.js';

const SHAPES = [[1], [37], [8, 5], [3, 3, 4, 6]];

/** Numbers in [-1, 1) from a fixed recurrence, so that a failure can be looked at again. */
function numbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.fround(Math.sin(12.9898 * (i + 1) + 78.233 * seed)));
}

/** The values of variables after steps on gradients that change sign and size, and that `prepare` may change before. */
async function run(
  optimizer: tf.Optimizer,
  steps: number,
  prepare = (_: tf.Variable[], gradients: tf.Tensor[]) => gradients,
): Promise<number[]> {
  const tensor = (shape: number[], seed: number) => tf.tensor(numbers(tf.util.sizeFromShape(shape), seed), shape);
  const variables = SHAPES.map((shape, i) => tf.tidy(() => tf.variable(tensor(shape, i))));
  let after: number | undefined;
  for (let step = 0; step < steps; step++) {
    tf.tidy(() => {
      const tensors = prepare(
        variables,
        variables.map(({ shape }, i) => tensor(shape, 100 * step + i + 7)),
      );
      const gradients = variables.map(({ name }, i) => ({ name, tensor: tensors[i]! }));
      optimizer.applyGradients(gradients as Parameters<tf.Optimizer['applyGradients']>[0]);
    });
    after ??= tf.memory().numTensors;
  }
  expect(tf.memory().numTensors).toBe(after);
  const values = await Promise.all(variables.map((variable) => variable.data()));
  tf.dispose(variables);
  return values.flatMap((array) => Array.from(array));
}

/** A step down Σ x² for each of the variables. */
function minimize(optimizer: tf.Optimizer, ...variables: tf.Variable[]): void {
  const loss = () => tf.addN(variables.map((variable) => variable.square().sum())) as tf.Scalar;
  tf.tidy(() => void optimizer.minimize(loss, false, variables));
}

/** The running powers of Adam, which `getWeights` leaves out, and the state of a learner has. */
function powersOf(optimizer: tf.Optimizer): tf.Variable[] {
  const { accBeta1, accBeta2 } = optimizer as unknown as Record<string, tf.Variable | undefined>;
  return [accBeta1, accBeta2].flatMap((power) => power ?? []);
}

/** Lets an optimiser go on from all that another remembers. */
async function handState(from: tf.Optimizer, to: tf.Optimizer): Promise<tf.Optimizer> {
  const weights = await from.getWeights();
  await to.setWeights(weights.map(({ name, tensor }) => ({ name, tensor: tensor.clone() })));
  powersOf(to).forEach((power, i) => {
    power.assign(powersOf(from)[i]!);
  });
  return to;
}

/** Everything that an optimiser remembers. */
async function stateOf(optimizer: tf.Optimizer): Promise<number[]> {
  const weights = (await optimizer.getWeights()).map(({ tensor }) => tensor);
  const values = await Promise.all([...weights, ...powersOf(optimizer)].map((tensor) => tensor.data()));
  tf.dispose(weights.filter((tensor) => !(tensor instanceof tf.Variable)));
  return values.flatMap((array) => Array.from(array));
}

type Create = (regularization?: RegularizationOptions) => tf.Optimizer;

/** Pairs of optimisers: ours, and that of TensorFlow.js; with the learning rate. */
const optimizers: [string, Create, () => tf.Optimizer, number][] = [
  ['adam', (options) => fusedAdam(0.01, 0.8, 0.99, 1e-6, options), () => tf.train.adam(0.01, 0.8, 0.99, 1e-6), 0.01],
  [
    'adam with defaults',
    (options) => fusedAdam(undefined, undefined, undefined, undefined, options),
    () => tf.train.adam(),
    0.001,
  ],
  ['momentum', (options) => fusedMomentum(0.01, 0.9, false, options), () => tf.train.momentum(0.01, 0.9), 0.01],
  ['nesterov', (options) => fusedMomentum(0.01, 0.9, true, options), () => tf.train.momentum(0.01, 0.9, true), 0.01],
];

const largestDifference = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

for (const { backend, reason } of await usableBackends()) {
  describe.skipIf(reason !== undefined)(`on ${backend}${reason ? ` (${reason})` : ''}`, () => {
    beforeAll(async () => {
      await useBackend(backend);
    });

    describe.each(optimizers)('fused %s', (name, regularized, stock, learningRate) => {
      const fused = () => regularized();

      it('equals the optimiser of TensorFlow.js to 1e-6 over 100 steps', async () => {
        const ours = await run(fused(), 100);
        expect(largestDifference(ours, await run(stock(), 100))).toBeLessThan(1e-6);
        // It can fail: one step less is far away.
        expect(largestDifference(ours, await run(stock(), 99))).toBeGreaterThan(1e-4);
      });

      it('decays weights and clips gradients as by hand', async () => {
        const [weightDecay, clipNorm] = [0.5, 4];
        const ours = await run(regularized({ weightDecay, clipNorm }), 20);
        const byHand = await run(stock(), 20, (variables, gradients) => {
          const norm = tf.norm(tf.concat(gradients.map((own) => own.flatten())));
          for (const variable of variables) variable.assign(tf.mul(variable, 1 - learningRate * weightDecay));
          return gradients.map((own) => tf.mul(own, tf.minimum(1, tf.div(clipNorm, norm))));
        });
        expect(largestDifference(ours, byHand)).toBeLessThan(1e-6);
        // It can fail: without the one or the other it is far away.
        expect(largestDifference(await run(regularized({ weightDecay }), 20), byHand)).toBeGreaterThan(1e-5);
        expect(largestDifference(await run(regularized({ clipNorm }), 20), byHand)).toBeGreaterThan(1e-3);
      });

      it('remembers what the optimiser of TensorFlow.js does', async () => {
        const remembered = async (optimizer: tf.Optimizer, steps: number) => {
          const variable = tf.variable(tf.tensor1d([1, -2, 3]));
          for (let step = 0; step < steps; step++) minimize(optimizer, variable);
          variable.dispose();
          return stateOf(optimizer);
        };
        const ours = await remembered(fused(), 50);
        // 1 − β₂ of float32, as TensorFlow has it, is off by 2⁻²⁵ in 0.001, and a moment has a size of 2 here.
        expect(largestDifference(ours, await remembered(stock(), 50))).toBeLessThan(6e-5);
        // It can fail: one step less is far away.
        expect(largestDifference(ours, await remembered(stock(), 49))).toBeGreaterThan(1e-3);
      });

      it.each([
        ['the other goes on from it', fused, stock, stock],
        ['it goes on from the other', stock, fused, fused],
        ['it goes on from what went on from it', fused, stock, fused],
        ['the other goes on from what went on from the other', stock, fused, stock],
      ])('keeps its state where %s', async (_, ...makers) => {
        const [variable, expected] = [0, 1].map(() => tf.variable(tf.tensor1d([1, -2, 3]))) as [
          tf.Variable,
          tf.Variable,
        ];
        const alone = stock();
        let optimizer: tf.Optimizer | undefined;
        for (const make of makers) {
          optimizer = optimizer ? await handState(optimizer, make()) : make();
          for (let step = 0; step < 10; step++) minimize(optimizer, variable);
        }
        for (let step = 0; step < 30; step++) minimize(alone, expected);
        expect(largestDifference(Array.from(await variable.data()), Array.from(await expected.data()))).toBeLessThan(
          1e-6,
        );
        tf.dispose([variable, expected]);
      });

      it('leaves a copy of a variable alone', async () => {
        const variable = tf.variable(tf.tensor1d([1, -2, 3]));
        const optimizer = fused();
        minimize(optimizer, variable);
        const copy = variable.clone();
        const before = Array.from(await copy.data());
        minimize(optimizer, variable);
        minimize(optimizer, variable);
        expect(Array.from(await copy.data())).toEqual(before);
        expect(Array.from(await variable.data())).not.toEqual(before);
        tf.dispose([variable, copy]);
      });

      it('leaves a copy whole when the variable and the optimiser are gone', async () => {
        const variable = tf.variable(tf.tensor1d([1, -2, 3]));
        const optimizer = fused();
        minimize(optimizer, variable);
        const copy = variable.clone();
        const before = Array.from(await copy.data());
        variable.dispose();
        optimizer.dispose();
        const other = tf.variable(tf.tensor1d([4, 5, 6]));
        minimize(fused(), other);
        expect(Array.from(await copy.data())).toEqual(before);
        tf.dispose([copy, other]);
      });

      it.skipIf(backend === 'cpu')('leaves everything as it was where a gradient does not fit', async () => {
        const optimizer = fused();
        const variables = [tf.variable(tf.tensor1d([1, -2, 3])), tf.variable(tf.tensor1d([4, 5]))] as const;
        const [first, second] = variables;
        minimize(optimizer, ...variables);
        const values = async () => [...(await first.data()), ...(await second.data()), ...(await stateOf(optimizer))];
        const before = await values();
        const { numTensors } = tf.memory();
        const apply = (name: string, ...wrong: Parameters<typeof tf.tensor>) =>
          tf.tidy(() => {
            const gradients = [
              { name: first.name, tensor: tf.ones([3]) },
              { name, tensor: tf.tensor(...wrong) },
            ];
            optimizer.applyGradients(gradients as Parameters<tf.Optimizer['applyGradients']>[0]);
          });
        expect(() => apply(second.name, [1, 2, 3])).toThrow(
          `the variable ${second.name} is float32 [2], its gradient float32 [3]; both must be float32 of one shape.`,
        );
        expect(() => apply(second.name, [1, 2], [2], 'int32')).toThrow('float32 [2], its gradient int32 [2]; both');
        expect(() => apply('nobody', [1, 2])).toThrow("there is no variable 'nobody'; give gradients by the names");
        expect(await values()).toEqual(before);
        expect(tf.memory().numTensors).toBe(numTensors);
        // And it goes on as if nothing had happened.
        minimize(optimizer, ...variables);
        expect(await values()).not.toEqual(before);
        tf.dispose([...variables]);
      });

      it.skipIf(backend === 'cpu')('leaves its tensors as they were where its kernel fails', async () => {
        const [kernel, names] = name.startsWith('adam')
          ? (['AdamStep', ['value', 'firstMoment', 'secondMoment']] as const)
          : (['MomentumStep', ['value', 'accumulation']] as const);
        const tensors = Object.fromEntries(names.map((name, i) => [name, tf.tensor1d([i, 2, 3])]));
        const attributes = {
          learningRate: 0.1,
          beta1: 0.9,
          beta2: 0.99,
          epsilon: 1e-7,
          correction1: 1,
          correction2: 1,
        };
        const { numTensors } = tf.memory();
        const run = () =>
          tf.tidy(() => {
            const inputs = { ...tensors, gradient: tf.ones([2]) };
            tf.engine().runKernel(kernel, inputs, { ...attributes, momentum: 0.9, useNesterov: false });
          });
        expect(run).toThrow();
        expect(tf.memory().numTensors).toBe(numTensors);
        const values = Object.values(tensors).map((tensor) => tf.tidy(() => tensor.add(1)));
        for (const [i, value] of values.entries()) expect(Array.from(await value.data())).toEqual([i + 1, 3, 4]);
        tf.dispose([tensors, values]);
      });

      it('takes a variable for its own gradient', async () => {
        const after = async (optimizer: tf.Optimizer) => {
          const variable = tf.variable(tf.tensor1d([1, -2, 3]));
          for (let step = 0; step < 3; step++) optimizer.applyGradients({ [variable.name]: variable });
          const values = Array.from(await variable.data());
          variable.dispose();
          return values;
        };
        expect(largestDifference(await after(fused()), await after(stock()))).toBeLessThan(1e-6);
      });
    });

    it.runIf(backend === 'node' && process.platform === 'linux')('keeps no memory of what is disposed', () => {
      const length = 2 ** 24;
      const bytes = 4 * length;
      const train = (optimizer: tf.Optimizer) => {
        const variable = tf.tidy(() => tf.variable(tf.ones([length])));
        tf.tidy(() => optimizer.applyGradients({ [variable.name]: tf.ones([length]) }));
        tf.tidy(() => variable.slice([0], [1]).dataSync());
        tf.dispose(variable);
        optimizer.dispose();
      };
      train(tf.train.adam());
      const before = process.memoryUsage.rss();
      train(fusedAdam());
      expect(process.memoryUsage.rss() - before).toBeLessThan(bytes);
    });

    describe('loss and gradient of softmax cross-entropy', () => {
      it.each([
        [1, 3],
        [5, 10],
        [130, 101],
      ])('of [%d, %d] logits are those of float64', async (batch, classes) => {
        const z = numbers(batch * classes, classes).map((value) => 8 * value);
        const labels = Int32Array.from({ length: batch }, (_, row) => (7 * row) % classes);
        const before = tf.memory().numTensors;
        const [y, logits] = [tf.tensor1d(labels, 'int32'), tf.tensor2d(z, [batch, classes])];
        const { losses, gradient } = softmaxCrossEntropy(y, logits);
        const [actualLosses, actualGradient] = [await losses.data(), await gradient.data()];
        tf.dispose([y, logits, losses, gradient]);
        expect(tf.memory().numTensors).toBe(before);
        for (let row = 0; row < batch; row++) {
          const own = Array.from(z.subarray(row * classes, (row + 1) * classes));
          const partition = own.reduce((sum, value) => sum + Math.exp(value), 0);
          const loss = Math.log(partition) - own[labels[row]!]!;
          expect(Math.abs(actualLosses[row]! - loss)).toBeLessThanOrEqual(4e-6 * (1 + loss));
          own.forEach((value, j) => {
            const expected = Math.exp(value) / partition - Number(j === labels[row]);
            expect(Math.abs(actualGradient[row * classes + j]! - expected)).toBeLessThanOrEqual(4e-6);
          });
        }
      });

      it('take a class out of range for a row of zeros', async () => {
        const logits = tf.tensor2d([[1, 2, 3]]);
        const { losses, gradient } = softmaxCrossEntropy(tf.tensor1d([3], 'int32'), logits);
        expect(Array.from(await losses.data())).toEqual([0]);
        const softmax = await tf.softmax(logits).data();
        expect(largestDifference(Array.from(await gradient.data()), Array.from(softmax))).toBeLessThan(1e-6);
      });
    });

    it('has a derivative of relu that is 0, 1 or not a number', async () => {
      const x = tf.tensor1d([-2, -0, 0, 1e-30, 5, Number.NaN, Number.POSITIVE_INFINITY]);
      const slope = await tf.step(x).data();
      expect(Array.from(slope)).toEqual([0, 0, 0, 1, 1, Number.NaN, 1]);
    });

    it('gives a tensor of another shape or type, or the same one, with a life of its own', async () => {
      const before = tf.memory().numTensors;
      const x = tf.tensor2d([
        [1, 2, 3],
        [4, 5, 6],
      ]);
      const others = [
        x.reshape([3, 2]),
        x.reshape([2, 3]),
        x.reshape([-1]),
        x.cast('float32'),
        x.clone(),
        x.cast('int32'),
      ];
      x.dispose();
      for (const other of others) expect(Array.from(await other.data())).toEqual([1, 2, 3, 4, 5, 6]);
      expect(others.map(({ shape }) => shape)).toEqual([[3, 2], [2, 3], [6], [2, 3], [2, 3], [2, 3]]);
      tf.dispose(others);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('finds where a value belongs in a rising sequence', async () => {
      const rising = tf.tensor2d([
        [0, 1, 1, 3],
        [2, 2, 2, 9],
      ]);
      const values = tf.tensor2d([
        [1, 4, -1],
        [2, 0, 9],
      ]);
      expect(Array.from(await tf.searchSorted(rising, values, 'left').data())).toEqual([1, 4, 0, 0, 0, 3]);
      expect(Array.from(await tf.searchSorted(rising, values, 'right').data())).toEqual([3, 4, 0, 3, 0, 4]);
    });
  });
}
