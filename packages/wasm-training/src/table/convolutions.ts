import { conv2D } from '../kernels/conv2D.js';
import { conv2DBackpropFilter } from '../kernels/conv2DBackpropFilter.js';
import { conv2DBackpropInput } from '../kernels/conv2DBackpropInput.js';
import { fusedConv2D } from '../kernels/fusedConv2D.js';
import { maxPoolGrad } from '../kernels/maxPoolGrad.js';
import type { KernelGroup } from './KernelGroup.js';

/** Convolutions and pooling. */
export const convolutions = {
  Conv2D: {
    run: conv2D,
    stock: 'XNNPACK; writes past its output for a filter of 1 × 1 with a numeric padding and a stride',
    ours: 'packed product of patches, made while they are packed',
    why: 'no bug; as fast with plain SIMD, 1.5 times as fast with relaxed SIMD',
  },
  FusedConv2D: {
    run: fusedConv2D,
    stock: 'as Conv2D',
    ours: 'the same; bias, relu and relu6 in its last pass',
    why: 'the forward pass of a convolutional layer',
  },
  Conv2DBackpropFilter: {
    run: conv2DBackpropFilter,
    stock: 'missing: training a convolution throws',
    ours: 'packed product of patches, made while they are packed, and gradients',
    why: 'convolutional networks train at all',
  },
  Conv2DBackpropInput: {
    run: conv2DBackpropInput,
    stock: 'plain loops at 2 GFLOP/s',
    ours: 'convolution of the gradients with the turned filter; with strides patch by patch',
    why: 'every convolution but the first needs it',
  },
  MaxPoolGrad: {
    run: maxPoolGrad,
    stock: 'wrong where the largest input is negative',
    ours: 'gradient to the first largest input',
    why: 'right gradients',
  },
} satisfies KernelGroup;
