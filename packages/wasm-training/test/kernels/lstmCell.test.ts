import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';
import { type ArrayFunction, largestGradientError, numericalGradient } from './numericalGradient.js';

beforeAll(async () => {
  await installWasmTraining();
});

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** h, then newCell, then the activations, in float64. */
function reference(batch: number, units: number): ArrayFunction {
  return ({ gates, cell }) => {
    const [h, newCell, activations] = [[], [], []] as [number[], number[], number[]];
    for (let row = 0; row < batch; row++) {
      const gate = (k: number, unit: number) => gates![(4 * row + k) * units + unit]!;
      for (let k = 0; k < 4; k++) {
        for (let unit = 0; unit < units; unit++) {
          activations.push(k === 2 ? Math.tanh(gate(k, unit)) : sigmoid(gate(k, unit)));
        }
      }
      for (let unit = 0; unit < units; unit++) {
        const kept = sigmoid(gate(1, unit)) * cell![row * units + unit]!;
        const c = kept + sigmoid(gate(0, unit)) * Math.tanh(gate(2, unit));
        newCell.push(c);
        h.push(sigmoid(gate(3, unit)) * Math.tanh(c));
      }
    }
    return Float64Array.from([...h, ...newCell, ...activations]);
  };
}

function createInputs(batch: number, units: number, size = 2) {
  const gates = randomNumbers(4 * batch * units, 1).map((number) => size * number);
  const cell = randomNumbers(batch * units, 2).map((number) => size * number);
  return { gates, cell };
}

const asDoubles = ({ gates, cell }: ReturnType<typeof createInputs>) => ({
  gates: Float64Array.from(gates),
  cell: Float64Array.from(cell),
});

const run = (gates: tf.Tensor, cell: tf.Tensor) => tf.engine().runKernel('LstmCell', { gates, cell }) as tf.Tensor[];

describe.each([
  [1, 1],
  [1, 3],
  [2, 4],
  [3, 5],
  [5, 8],
  [1, 17],
  [7, 2],
  [4, 33],
])('the step of an LSTM for %d rows of %d units', (batch, units) => {
  it.each([0.1, 2, 30])('equals float64 for gates of size %d', (size) => {
    const before = tf.memory().numTensors;
    const inputs = createInputs(batch, units, size);
    const [gates, cell] = [tf.tensor2d(inputs.gates, [batch, 4 * units]), tf.tensor2d(inputs.cell, [batch, units])];
    const outputs = run(gates, cell);
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [batch, units],
      [batch, units],
      [batch, 4 * units],
    ]);
    const expected = reference(batch, units)(asDoubles(inputs));
    const actual = outputs.flatMap((tensor) => Array.from(tensor.dataSync()));
    expect(actual.length).toBe(expected.length);
    actual.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(4e-7 * (1 + size));
    });
    tf.dispose([gates, cell, outputs]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    ['h', 1, 0],
    ['newCell', 0, 1],
    ['both', 1, 1],
  ])('has the gradients of float64 through %s', (_, byH, byCell) => {
    const before = tf.memory().numTensors;
    const inputs = createInputs(batch, units);
    const dh = randomNumbers(batch * units, 3).map((number) => byH * number);
    const dNewCell = randomNumbers(batch * units, 4).map((number) => byCell * number);
    const actual = tf.tidy(() => {
      const loss = (gates: tf.Tensor, cell: tf.Tensor) => {
        const [h, newCell] = run(gates, cell) as [tf.Tensor, tf.Tensor];
        const terms = [];
        if (byH) terms.push(h.mul(tf.tensor2d(dh, [batch, units])).sum());
        if (byCell) terms.push(newCell.mul(tf.tensor2d(dNewCell, [batch, units])).sum());
        return tf.addN(terms) as tf.Scalar;
      };
      const tensors = [tf.tensor2d(inputs.gates, [batch, 4 * units]), tf.tensor2d(inputs.cell, [batch, units])];
      return tf
        .grads(loss)(tensors)
        .map((gradient) => gradient.dataSync());
    });
    const dy = new Float64Array(6 * batch * units);
    dy.set(dh);
    dy.set(dNewCell, batch * units);
    ['gates', 'cell'].forEach((name, i) => {
      const slopes = numericalGradient(reference(batch, units), asDoubles(inputs), name, dy, 1e-2);
      expect(largestGradientError(actual[i]!, slopes, 0.1)).toBeLessThanOrEqual(4e-6);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the step of an LSTM', () => {
  it.each([
    [0, 3],
    [2, 0],
  ])('takes %d rows of %d units', (batch, units) => {
    const before = tf.memory().numTensors;
    const [gates, cell] = [tf.zeros([batch, 4 * units]), tf.zeros([batch, units])];
    const outputs = run(gates, cell);
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [batch, units],
      [batch, units],
      [batch, 4 * units],
    ]);
    const gradients = tf.grads((g, c) => run(g, c)[0]!)([gates, cell]);
    expect(gradients.map(({ shape }) => shape)).toEqual([gates.shape, cell.shape]);
    tf.dispose([gates, cell, outputs, gradients]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('equals the cell of tf.layers', () => {
    const layer = tf.layers.lstmCell({ units: 6, recurrentActivation: 'sigmoid' });
    const [x, h, c] = [
      tf.tensor2d(randomNumbers(12, 1), [3, 4]),
      tf.tensor2d(randomNumbers(18, 2), [3, 6]),
      tf.tensor2d(randomNumbers(18, 3), [3, 6]),
    ];
    layer.build([3, 4]);
    const theirs = layer.call([x, h, c], {}) as tf.Tensor[];
    const [kernel, recurrent, bias] = layer.getWeights();
    const ours = tf.tidy(() => run(tf.matMul(x, kernel!).add(tf.matMul(h, recurrent!)).add(bias!), c));
    [theirs[0]!, theirs[2]!].forEach((tensor, i) => {
      ours[i]!.dataSync().forEach((value, j) => {
        expect(value).toBeCloseTo(tensor.dataSync()[j]!, 6);
      });
    });
    tf.dispose([x, h, c, theirs, ours]);
    for (const weight of layer.weights) weight.dispose();
  });

  it('passes gradients through many steps, as composed of other kernels', () => {
    const [batch, units, steps] = [2, 5, 6];
    const inputs = Array.from({ length: steps }, (_, t) => randomNumbers(4 * batch * units, t + 1));
    const weights = randomNumbers(units * 4 * units, 9);
    type Step = (gates: tf.Tensor, cell: tf.Tensor) => [tf.Tensor, tf.Tensor];
    const composed: Step = (gates, cell) => {
      const [i, f, g, o] = tf.split(gates, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const next = f.sigmoid().mul(cell).add(i.sigmoid().mul(g.tanh()));
      return [o.sigmoid().mul(next.tanh()), next];
    };
    const gradient = (step: Step) =>
      tf.tidy(() =>
        tf
          .grad((w) => {
            let [h, cell] = [tf.zeros([batch, units]), tf.zeros([batch, units])] as [tf.Tensor, tf.Tensor];
            for (const numbers of inputs) {
              const x = tf.tensor2d(numbers, [batch, 4 * units]);
              [h, cell] = step(x.add(tf.matMul(h as tf.Tensor2D, w as tf.Tensor2D)), cell);
            }
            return h.sum();
          })(tf.tensor2d(weights, [units, 4 * units]))
          .dataSync(),
      );
    const ours = gradient((gates, cell) => run(gates, cell).slice(0, 2) as [tf.Tensor, tf.Tensor]);
    const theirs = gradient(composed);
    ours.forEach((value, i) => {
      expect(Math.abs(value - theirs[i]!)).toBeLessThanOrEqual(4e-6);
    });
  });

  it('has a gradient of the gradient, as composed of other kernels', () => {
    const [batch, units] = [2, 3];
    const { gates, cell } = createInputs(batch, units);
    const second = (step: (gates: tf.Tensor, cell: tf.Tensor) => tf.Tensor) =>
      tf.tidy(() => {
        const c = tf.tensor2d(cell, [batch, units]);
        const norm = (x: tf.Tensor) =>
          tf
            .grad((g) => step(g, c))(x)
            .square()
            .sum();
        return tf
          .grad(norm)(tf.tensor2d(gates, [batch, 4 * units]))
          .dataSync();
      });
    const ours = second((g, c) => run(g, c)[0]!);
    const theirs = second((g, c) => {
      const [i, f, n, o] = tf.split(g, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      return o.sigmoid().mul(f.sigmoid().mul(c).add(i.sigmoid().mul(n.tanh())).tanh());
    });
    ours.forEach((value, i) => {
      expect(Math.abs(value - theirs[i]!)).toBeLessThanOrEqual(4e-6);
    });
  });

  it('saturates without becoming anything else than a number', () => {
    const [h, newCell, activations] = tf.tidy(() =>
      run(tf.tensor2d([1e4, -1e4, 1e4, 1e4], [1, 4]), tf.tensor2d([3], [1, 1])).map((tensor) =>
        Array.from(tensor.dataSync()),
      ),
    );
    expect(activations).toEqual([1, 0, 1, 1]);
    expect(newCell).toEqual([1]);
    expect(h![0]).toBeCloseTo(Math.tanh(1), 6);
  });

  it('says what it takes', () => {
    expect(() => run(tf.zeros([2, 12]), tf.zeros([2, 4]))).toThrow(
      'LstmCell takes a float32 gates [2,16] for a cell [2,4], not float32 [2,12].',
    );
    expect(() => run(tf.zeros([2, 8]), tf.zeros([2, 2], 'int32'))).toThrow('not int32 [2,2].');
  });
});
