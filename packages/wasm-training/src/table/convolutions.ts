import { conv2DBackpropFilter } from '../kernels/conv2DBackpropFilter.js';
import { conv2DBackpropInput } from '../kernels/conv2DBackpropInput.js';
import { maxPoolGrad } from '../kernels/maxPoolGrad.js';
import type { KernelGroup } from './KernelGroup.js';

/** Convolutions and pooling. */
export const convolutions = {
  Conv2DBackpropFilter: {
    run: conv2DBackpropFilter,
    stock: 'missing: training a convolution throws',
    ours: 'packed product of patches and gradients',
    why: 'convolutional networks train at all',
  },
  Conv2DBackpropInput: {
    run: conv2DBackpropInput,
    stock: 'plain loops at 2 GFLOP/s',
    ours: 'packed product of gradients and filter, added patch by patch',
    why: 'every convolution but the first needs it',
  },
  MaxPoolGrad: {
    run: maxPoolGrad,
    stock: 'wrong where the largest input is negative',
    ours: 'gradient to the first largest input',
    why: 'right gradients',
  },
} satisfies KernelGroup;
