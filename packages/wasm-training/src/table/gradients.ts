import { clipByValueGrad } from '../kernels/clipByValueGrad.js';
import { extremeGrad } from '../kernels/extremeGrad.js';
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
  MaxGrad: {
    run: extremeGrad,
    stock: 'missing: Equal with broadcast, 200 ms a million, and two kernels',
    ours: 'one pass',
    why: 'maxima over points',
  },
  MinGrad: { run: extremeGrad, stock: 'missing: as MaxGrad', ours: 'as MaxGrad', why: 'the counterpart of MaxGrad' },
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
