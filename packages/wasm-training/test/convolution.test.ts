import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { fusedAdam, installWasmTraining } from '../src/index.js';
import { largestError, onBackend, randomNumbers, randomTensor } from './support.js';

beforeAll(async () => {
  await installWasmTraining();
});

interface Convolution {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  strides: [number, number];
  pad: 'same' | 'valid' | number;
}

/** Gradients of Σ dy · conv(x, w) by the definition, in float64: dw and dx. */
function referenceGradients(
  { x, filter, strides, pad }: Convolution,
  xs: Float32Array,
  ws: Float32Array,
  dys: Float32Array,
) {
  const info = tf.backend_util.computeConv2DInfo(x, filter, strides, 1, pad);
  const [, height, width, channels] = x;
  const [filterHeight, filterWidth, , outChannels] = filter;
  const dw = new Float64Array(ws.length);
  const dx = new Float64Array(xs.length);
  let d = 0;
  for (let b = 0; b < x[0]; b++) {
    for (let row = 0; row < info.outHeight; row++) {
      for (let column = 0; column < info.outWidth; column++) {
        for (let o = 0; o < outChannels; o++, d++) {
          for (let ky = 0; ky < filterHeight; ky++) {
            for (let kx = 0; kx < filterWidth; kx++) {
              const iy = row * strides[0] - info.padInfo.top + ky;
              const ix = column * strides[1] - info.padInfo.left + kx;
              if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
              for (let c = 0; c < channels; c++) {
                const xi = ((b * height + iy) * width + ix) * channels + c;
                const wi = ((ky * filterWidth + kx) * channels + c) * outChannels + o;
                dw[wi]! += xs[xi]! * dys[d]!;
                dx[xi]! += ws[wi]! * dys[d]!;
              }
            }
          }
        }
      }
    }
  }
  return { dw, dx };
}

const cases: Convolution[] = [];
for (const size of [1, 2, 5, 8]) {
  for (const [filterHeight, filterWidth] of [
    [1, 1],
    [3, 3],
    [2, 5],
  ] as const) {
    for (const [channels, outChannels] of [
      [1, 1],
      [3, 8],
      [5, 9],
    ] as const) {
      for (const strides of [
        [1, 1],
        [2, 2],
        [2, 1],
      ] as [number, number][]) {
        for (const pad of ['same', 'valid', 1] as const) {
          if (pad !== 'same' && Math.max(filterHeight, filterWidth) > size) continue;
          const filter = [filterHeight, filterWidth, channels, outChannels] as Convolution['filter'];
          cases.push({ x: [2, size, size + 1, channels], filter, strides, pad });
        }
      }
    }
  }
}
cases.push({ x: [1, 40, 40, 16], filter: [3, 3, 16, 24], strides: [1, 1], pad: 'same' });
cases.push({ x: [0, 5, 5, 3], filter: [3, 3, 3, 4], strides: [1, 1], pad: 'same' });

describe('the gradients of a convolution', () => {
  it('equal the float64 gradients over sizes, filters, strides and paddings', () => {
    for (const convolution of cases) {
      const { x, filter, strides, pad } = convolution;
      const { outShape } = tf.backend_util.computeConv2DInfo(x, filter, strides, 1, pad);
      const numbers = [x, filter, outShape].map((shape, i) => randomNumbers(tf.util.sizeFromShape(shape), i + 1));
      const [xs, ws, dys] = numbers as [Float32Array, Float32Array, Float32Array];
      // The kernels by themselves: the stock forward convolution writes past its output for some numeric paddings.
      const [dx, dw] = tf.tidy(() => {
        const dy = tf.tensor(dys, outShape);
        const attributes = { strides, pad, dataFormat: 'NHWC' };
        const run = (kernel: string, inputs: tf.NamedTensorMap, shape: object) =>
          (tf.engine().runKernel(kernel, inputs, { ...attributes, ...shape }) as tf.Tensor).dataSync();
        return [
          run('Conv2DBackpropInput', { dy, filter: tf.tensor(ws, filter) }, { inputShape: x }),
          run('Conv2DBackpropFilter', { x: tf.tensor(xs, x), dy }, { filterShape: filter }),
        ];
      });
      const expected = referenceGradients(convolution, xs, ws, dys);
      const scale = Math.sqrt(Math.max(1, dys.length / filter[3]));
      const error = Math.max(largestError(dw!, expected.dw, scale), largestError(dx!, expected.dx, 10));
      if (!(error < 2e-6)) expect.fail(`error ${error} for ${JSON.stringify(convolution)}`);
    }
    expect(cases.length).toBeGreaterThan(200);
  });

  it('would fail the same check with a gradient that is off by 1e-4', () => {
    const convolution: Convolution = { x: [2, 5, 6, 3], filter: [3, 3, 3, 8], strides: [1, 1], pad: 'same' };
    const { dw } = referenceGradients(convolution, randomNumbers(180, 1), randomNumbers(216, 2), randomNumbers(480, 3));
    expect(
      largestError(
        dw.map((value) => value + 1e-4),
        dw,
        Math.sqrt(60),
      ),
    ).toBeGreaterThan(2e-6);
  });
});

describe('the gradient of max pooling', () => {
  it('equals the cpu backend, for negative inputs too', async () => {
    for (const [size, filter, strides, pad] of [
      [4, 2, 2, 'valid'],
      [5, 3, 2, 'same'],
      [5, 3, 1, 'same'],
      [7, 2, 3, 'valid'],
      [1, 1, 1, 'valid'],
    ] as const) {
      const compute = () => {
        const x = randomTensor([2, size, size, 3], 1).sub(2);
        const f = (a: tf.Tensor) => {
          const y = tf.maxPool(a as tf.Tensor4D, filter, strides, pad);
          return y.mul(randomTensor(y.shape, 2)).sum() as tf.Scalar;
        };
        return [tf.grad(f)(x)];
      };
      const [[ours], [theirs]] = [await onBackend('wasm', compute), await onBackend('cpu', compute)];
      expect(largestError(ours!, theirs!)).toBeLessThan(1e-6);
    }
  });
});

describe('training a convolutional network', () => {
  it('follows the losses of the cpu backend and keeps the number of tensors', async () => {
    const train = async (backend: string) => {
      await tf.setBackend(backend);
      const initializer = (seed: number) => tf.initializers.glorotUniform({ seed });
      const conv = { filters: 6, kernelSize: 3, activation: 'relu' as const, padding: 'same' as const };
      const model = tf.sequential({
        layers: [
          tf.layers.conv2d({ ...conv, inputShape: [8, 8, 2], kernelInitializer: initializer(1) }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.conv2d({ ...conv, strides: 2, kernelInitializer: initializer(2) }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 3, kernelInitializer: initializer(3) }),
        ],
      });
      const x = randomTensor([12, 8, 8, 2], 4);
      const y = tf.oneHot(tf.range(0, 12, 1, 'int32').mod(tf.scalar(3, 'int32')), 3);
      const optimizer = fusedAdam(0.01);
      const losses: number[] = [];
      let tensors = 0;
      for (let step = 0; step < 30; step++) {
        const loss = optimizer.minimize(
          () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar,
          true,
        )!;
        losses.push(loss.dataSync()[0]!);
        loss.dispose();
        if (step === 0) tensors = tf.memory().numTensors;
      }
      expect(tf.memory().numTensors).toBe(tensors);
      tf.dispose([x, y]);
      model.dispose();
      optimizer.dispose();
      return losses;
    };
    const [ours, theirs] = [await train('wasm'), await train('cpu')];
    expect(ours[29]).toBeLessThan(ours[0]! / 2);
    expect(largestError(ours, theirs)).toBeLessThan(1e-4);
    await tf.setBackend('wasm');
  });
});
