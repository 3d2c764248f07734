import { elementwise } from '../kernels/elementwise.js';
import { elementwiseGradient } from '../kernels/elementwiseGradient.js';
import { gelu, geluGrad } from '../kernels/gelu.js';
import { softmaxGrad } from '../kernels/softmaxGrad.js';
import type { KernelGroup } from './KernelGroup.js';

/** Functions of one number, element by element, and their gradients. */
export const activations = {
  Sin: {
    run: elementwise('mapSin'),
    stock: 'number by number: 55 ms a million',
    ours: 'four at once; error below 2e-7 for every x',
    why: 'networks of sines',
  },
  Cos: { run: elementwise('mapCos'), stock: 'as Sin', ours: 'as Sin', why: 'the gradient of Sin' },
  Exp: {
    run: elementwise('mapExp'),
    stock: 'number by number: 16 ms a million',
    ours: 'four at once',
    why: 'likelihoods and temperatures',
  },
  Tanh: {
    run: elementwise('mapTanh'),
    stock: 'number by number: 33 ms a million',
    ours: 'four at once',
    why: 'recurrent networks',
  },
  Erf: { run: elementwise('mapErf'), stock: 'number by number: 40 ms a million', ours: 'four at once', why: 'GELU' },
  SinGrad: {
    run: elementwiseGradient('SinGrad', 'gradientOfSin', 'x'),
    stock: 'missing: two kernels',
    ours: 'one pass',
    why: 'networks of sines',
  },
  CosGrad: {
    run: elementwiseGradient('CosGrad', 'gradientOfCos', 'x'),
    stock: 'missing: three kernels',
    ours: 'one pass',
    why: 'networks of sines',
  },
  TanhGrad: {
    run: elementwiseGradient('TanhGrad', 'gradientOfTanh', 'y'),
    stock: 'missing: three kernels and a scalar',
    ours: 'one pass',
    why: 'recurrent networks',
  },
  SigmoidGrad: {
    run: elementwiseGradient('SigmoidGrad', 'gradientOfSigmoid', 'y'),
    stock: 'missing: three kernels and a scalar',
    ours: 'one pass',
    why: 'gates',
  },
  ErfGrad: {
    run: elementwiseGradient('ErfGrad', 'gradientOfErf', 'x'),
    stock: 'missing: five kernels',
    ours: 'one pass',
    why: 'GELU of tf.layers',
  },
  ReluGrad: {
    run: elementwiseGradient('ReluGrad', 'gradientOfRelu', 'x'),
    stock: 'missing: three kernels',
    ours: 'one pass',
    why: 'convolutional networks',
  },
  Relu6Grad: {
    run: elementwiseGradient('Relu6Grad', 'gradientOfRelu6', 'x'),
    stock: 'missing: seven kernels',
    ours: 'one pass',
    why: 'convolutional networks',
  },
  Gelu: { run: gelu, stock: 'missing: five to seven kernels', ours: 'one pass', why: 'transformers' },
  GeluGrad: { run: geluGrad, stock: 'missing: ten to thirteen kernels', ours: 'one pass', why: 'transformers' },
  SoftmaxGrad: { run: softmaxGrad, stock: 'missing: four kernels', ours: 'two passes over each row', why: 'attention' },
} satisfies KernelGroup;
