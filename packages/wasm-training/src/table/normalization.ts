import { batchNorm } from '../kernels/batchNorm.js';
import { batchNormGrad } from '../kernels/batchNormGrad.js';
import { fusedBatchNorm, fusedBatchNormGrad } from '../kernels/fusedBatchNorm.js';
import { layerNorm } from '../kernels/layerNorm.js';
import { layerNormGrad } from '../kernels/layerNormGrad.js';
import type { KernelGroup } from './KernelGroup.js';

/** Normalisation in training. */
export const normalization = {
  LayerNorm: {
    run: layerNorm,
    stock: 'missing: nine kernels',
    ours: 'two passes; float64 sums',
    why: 'transformers',
  },
  LayerNormGrad: {
    run: layerNormGrad,
    stock: 'missing: 22 kernels',
    ours: 'two passes for all three gradients; float64 sums',
    why: 'transformers',
  },
  BatchNorm: {
    run: batchNorm,
    stock: 'missing: nine kernels',
    ours: 'two passes; float64 sums',
    why: 'convolutional networks',
  },
  BatchNormGrad: {
    run: batchNormGrad,
    stock: 'missing: 22 kernels',
    ours: 'two passes for all three gradients; float64 sums',
    why: 'convolutional networks',
  },
  FusedBatchNorm: {
    run: fusedBatchNorm,
    stock: 'number by number',
    ours: 'four at once',
    why: 'tf.layers.batchNormalization and layerNormalization',
  },
  FusedBatchNormGrad: {
    run: fusedBatchNormGrad,
    stock: 'missing: twenty kernels, one of them Tile',
    ours: 'two passes for all five gradients; float64 sums',
    why: 'tf.layers.batchNormalization and layerNormalization',
  },
} satisfies KernelGroup;
