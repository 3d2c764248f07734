import { adamStep } from '../kernels/adamStep.js';
import { momentumStep } from '../kernels/momentumStep.js';
import type { KernelGroup } from './KernelGroup.js';

/** Steps of optimisers. */
export const optimizers = {
  AdamStep: {
    run: adamStep,
    stock: 'missing: 14 kernels for each variable',
    ours: 'one pass that fusedAdam() runs',
    why: 'a third of a step once the products are fast',
  },
  MomentumStep: {
    run: momentumStep,
    stock: 'missing: 4 kernels for each variable',
    ours: 'one pass that fusedMomentum() runs',
    why: 'as AdamStep',
  },
} satisfies KernelGroup;
