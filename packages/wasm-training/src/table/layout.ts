import { concat } from '../kernels/concat.js';
import { gatherNd } from '../kernels/gatherNd.js';
import { gatherV2 } from '../kernels/gatherV2.js';
import { identity } from '../kernels/identity.js';
import { pack } from '../kernels/pack.js';
import { padV2 } from '../kernels/padV2.js';
import { reverse } from '../kernels/reverse.js';
import { slice } from '../kernels/slice.js';
import { splitV } from '../kernels/splitV.js';
import { tile } from '../kernels/tile.js';
import { transpose } from '../kernels/transpose.js';
import { unpack } from '../kernels/unpack.js';
import { unsortedSegmentSum } from '../kernels/unsortedSegmentSum.js';
import type { KernelGroup } from './KernelGroup.js';

/** Kernels that move data and compute nothing. */
export const layout = {
  Identity: {
    run: identity,
    stock: 'copies all data',
    ours: 'shares the data by reference count',
    why: 'every saved tensor and every variable read is an identity',
  },
  Slice: {
    run: slice,
    stock: 'copies all of x into JavaScript, then takes the slice',
    ours: 'copies only what is taken',
    why: 'a batch of 64 rows out of 60,000',
  },
  SplitV: {
    run: splitV,
    stock: 'one stock Slice per piece',
    ours: 'one copy per piece',
    why: 'heads, gates, channels',
  },
  Transpose: {
    run: transpose,
    stock: 'number by number from rank 3 on',
    ours: 'row copies, or 4 × 4 blocks in registers, over as few axes as there can be',
    why: 'attention heads; images of other frameworks',
  },
  Unpack: { run: unpack, stock: 'one stock Slice per piece', ours: 'one copy per piece', why: 'time steps' },
  Concat: {
    run: concat,
    stock: 'one call of JavaScript for each row',
    ours: 'copies rows',
    why: 'skip connections; the gradient of a split',
  },
  Pack: { run: pack, stock: 'as Concat', ours: 'as Concat', why: 'time steps put together' },
  PadV2: {
    run: padV2,
    stock: 'place by place',
    ours: 'copies rows',
    why: 'the gradient of a slice; padded images',
  },
  Reverse: { run: reverse, stock: 'number by number: 60 ns each', ours: 'copies rows', why: 'bidirectional networks' },
  Tile: {
    run: tile,
    stock: 'number by number: 130 ns each',
    ours: 'copies rows',
    why: 'repeated vectors, broadcasts; the gradient of batch normalisation',
  },
  GatherV2: {
    run: gatherV2,
    stock: 'number by number: 60 ns each',
    ours: 'copies rows',
    why: 'a batch of random rows; embeddings',
  },
  GatherNd: {
    run: gatherNd,
    stock: 'returns other memory for an index out of range',
    ours: 'the same after a check of the indices',
    why: 'an error in place of wrong numbers',
  },
  UnsortedSegmentSum: {
    run: unsortedSegmentSum,
    stock: 'missing: training an embedding throws',
    ours: 'adds rows',
    why: 'the gradient of a gather',
  },
} satisfies KernelGroup;
