import { clipByValueGrad } from '../kernels/clipByValueGrad.js';
import { meanGrad, sumGrad } from '../kernels/spreadAxes.js';
import { tileGrad } from '../kernels/tileGrad.js';
import type { KernelGroup } from './KernelGroup.js';

/** Gradients of kernels that select, repeat or sum. */
export const gradients = {
  SumGrad: {
    run: sumGrad,
    stock: 'missing: a product with ones that JavaScript makes',
    ours: 'copies of rows',
    why: 'pooling, normalisation',
  },
  MeanGrad: { run: meanGrad, stock: 'missing: as SumGrad, and a division', ours: 'as SumGrad', why: 'as SumGrad' },
  TileGrad: {
    run: tileGrad,
    stock: 'missing: a slice and a sum for each copy',
    ours: 'a sum along each axis',
    why: 'tf.layers.layerNormalization',
  },
  ClipByValueGrad: {
    run: clipByValueGrad,
    stock: 'missing: five kernels and copies',
    ours: 'one pass',
    why: 'hard sigmoids, which are the gates of tf.layers.lstm',
  },
} satisfies KernelGroup;
