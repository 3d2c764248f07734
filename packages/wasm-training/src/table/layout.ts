import { identity } from '../kernels/identity.js';
import { slice } from '../kernels/slice.js';
import { splitV } from '../kernels/splitV.js';
import { unpack } from '../kernels/unpack.js';
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
  Unpack: { run: unpack, stock: 'one stock Slice per piece', ours: 'one copy per piece', why: 'time steps' },
} satisfies KernelGroup;
