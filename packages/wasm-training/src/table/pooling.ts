import { averagePoolGrad } from '../kernels/averagePoolGrad.js';
import { maxPoolGrad } from '../kernels/maxPoolGrad.js';
import { averagePool3DGrad, maxPool3D, maxPool3DGrad } from '../kernels/pool3D.js';
import type { KernelGroup } from './KernelGroup.js';

/** Pooling of images and of volumes. */
export const pooling = {
  MaxPoolGrad: {
    run: maxPoolGrad,
    stock: 'wrong where the largest input is negative',
    ours: 'gradient to the first largest input',
    why: 'right gradients',
  },
  AvgPoolGrad: {
    run: averagePoolGrad,
    stock: 'wrong at borders: gives a share to the padding, which has no part in the average',
    ours: 'shares among the pixels under the window, four channels at once',
    why: 'right gradients',
  },
  MaxPool3D: {
    run: maxPool3D,
    stock: 'wrong where all inputs are negative',
    ours: 'a pooling of each plane and one of planes, four channels at once',
    why: 'right maxima',
  },
  MaxPool3DGrad: {
    run: maxPool3DGrad,
    stock: 'as MaxPoolGrad',
    ours: 'a MaxPoolGrad of planes and one of each plane',
    why: 'right gradients',
  },
  AvgPool3DGrad: {
    run: averagePool3DGrad,
    stock: 'as AvgPoolGrad',
    ours: 'an AvgPoolGrad of planes and one of each plane',
    why: 'right gradients',
  },
} satisfies KernelGroup;
