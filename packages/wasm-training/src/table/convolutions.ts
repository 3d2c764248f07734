import { conv2D } from '../kernels/conv2D.js';
import { conv2DBackpropFilter } from '../kernels/conv2DBackpropFilter.js';
import { conv2DBackpropInput } from '../kernels/conv2DBackpropInput.js';
import { conv3DBackpropFilter } from '../kernels/conv3DBackpropFilter.js';
import { conv3DBackpropInput } from '../kernels/conv3DBackpropInput.js';
import { depthwiseBackpropFilter } from '../kernels/depthwiseBackpropFilter.js';
import { depthwiseBackpropInput } from '../kernels/depthwiseBackpropInput.js';
import { depthwiseConv2d } from '../kernels/depthwiseConv2d.js';
import { fusedConv2D } from '../kernels/fusedConv2D.js';
import type { KernelGroup } from './KernelGroup.js';

/** Convolutions. */
export const convolutions = {
  Conv2D: {
    run: conv2D,
    stock: 'XNNPACK; writes past its output for a filter of 1 × 1 with a numeric padding and a stride',
    ours: 'packed product of patches, made while they are packed',
    why: 'nothing is overwritten; as fast with plain SIMD, 1.5 times as fast with relaxed SIMD',
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
  Conv3DBackpropInputV2: {
    run: conv3DBackpropInput,
    stock: 'wrong for more than one channel',
    ours: 'a Conv2DBackpropInput for each plane of the filter',
    why: 'right gradients',
  },
  Conv3DBackpropFilterV2: {
    run: conv3DBackpropFilter,
    stock: 'wrong with strides or padding',
    ours: 'a Conv2DBackpropFilter for each plane of the filter',
    why: 'right gradients',
  },
  DepthwiseConv2dNative: {
    run: depthwiseConv2d,
    stock: 'XNNPACK; slow for several filters a channel',
    ours: 'weight by weight along each row of pixels, four channels at once',
    why: 'separable convolutions',
  },
  DepthwiseConv2dNativeBackpropInput: {
    run: depthwiseBackpropInput,
    stock: 'missing: training a depthwise convolution throws',
    ours: 'as the forward pass',
    why: 'separable convolutions train at all',
  },
  DepthwiseConv2dNativeBackpropFilter: {
    run: depthwiseBackpropFilter,
    stock: 'missing, as the one before',
    ours: 'as the one before',
    why: 'separable convolutions train at all',
  },
  DilatedConv2DInputGrad: {
    run: conv2DBackpropInput,
    stock: 'missing: training a dilated convolution throws',
    ours: 'Conv2DBackpropInput with dilations',
    why: 'dilated convolutions train at all',
  },
  DilatedConv2DFilterGrad: {
    run: conv2DBackpropFilter,
    stock: 'missing, as the one before',
    ours: 'Conv2DBackpropFilter with dilations',
    why: 'as the one before',
  },
  DilatedDepthwiseConv2DInputGrad: {
    run: depthwiseBackpropInput,
    stock: 'missing, as the one before',
    ours: 'DepthwiseConv2dNativeBackpropInput with dilations',
    why: 'as the one before',
  },
  DilatedDepthwiseConv2DFilterGrad: {
    run: depthwiseBackpropFilter,
    stock: 'missing, as the one before',
    ours: 'DepthwiseConv2dNativeBackpropFilter with dilations',
    why: 'as the one before',
  },
} satisfies KernelGroup;
