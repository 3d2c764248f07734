import { lstmCell, lstmCellGrad } from '../kernels/lstmCell.js';
import { lstmSequence, lstmSequenceGrad } from '../kernels/lstmSequence.js';
import type { KernelGroup } from './KernelGroup.js';

/** Cells of recurrent networks. */
export const recurrent = {
  LstmCell: {
    run: lstmCell,
    stock: 'missing: ten kernels',
    ours: 'one pass',
    why: 'a time step costs more in calls than in arithmetic',
  },
  LstmCellGrad: { run: lstmCellGrad, stock: 'missing: 22 kernels', ours: 'one pass', why: 'as LstmCell' },
  LstmSequence: {
    run: lstmSequence,
    stock: 'missing: a product, a sum and a cell for each step',
    ours: 'the products add to the gates where they lie; no kernel runs for a single step',
    why: 'as LstmCell',
  },
  LstmSequenceGrad: {
    run: lstmSequenceGrad,
    stock: 'missing: two products, two sums and a cell for each step',
    ours: 'as LstmSequence; one product for the gradient at the kernel',
    why: 'as LstmCell',
  },
} satisfies KernelGroup;
