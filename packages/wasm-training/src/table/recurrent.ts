import { lstmCell, lstmCellGrad } from '../kernels/lstmCell.js';
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
} satisfies KernelGroup;
